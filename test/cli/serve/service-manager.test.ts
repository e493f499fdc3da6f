import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createServiceManager } from '../../../src/cli/serve/service-manager'
import type { AccountHealth } from '../../../src/core/monitor/folder-health'

const account: AccountHealth = {
  id: 'a',
  polls: 0,
  failedPolls: 0,
  silentMs: 0,
  limitMs: 300_000,
  heldStops: 0,
  obstacles: [],
}

/** A service of systemd whose `systemd-notify` writes down what it is given. */
function startService(env: NodeJS.ProcessEnv = { NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '900000000' }) {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-notify-'))
  const log = join(folder, 'log')
  writeFileSync(join(folder, 'systemd-notify'), `#!/bin/sh\necho "$@" >> '${log}'\n`)
  chmodSync(join(folder, 'systemd-notify'), 0o755)
  const state = { accounts: [account], reads: 0 }
  const service = createServiceManager({
    env: { ...env, PATH: `${folder}${delimiter}${process.env['PATH']}` },
    readHealth: async () => {
      state.reads += 1
      return { version: '1', accounts: state.accounts, outboxMessages: 0, failedChannels: 0, diskErrors: 0 }
    },
    report: (text) => expect.fail(text),
    checkEveryMs: 5,
  })
  onTestFinished(service.stop)
  service.ready()
  return {
    state,
    lines: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
    /** Until health was read twice more, so that what was set is judged. */
    checked: async (accounts: readonly AccountHealth[]): Promise<void> => {
      state.accounts = [...accounts]
      const before = state.reads
      await vi.waitFor(() => expect(state.reads).toBeGreaterThan(before + 2))
    },
  }
}

test.skipIf(process.platform !== 'linux')(
  'the watchdog is fed once for polls that ended, and never while those of one account are stuck',
  async () => {
    const { lines, checked } = startService()
    await checked([account])
    await vi.waitFor(() => expect(lines()).toEqual(['READY=1']))
    await checked([{ ...account, polls: 1 }])
    const fed = 'WATCHDOG=1 WATCHDOG_USEC=900000000'
    await vi.waitFor(() => expect(lines()).toEqual(['READY=1', fed]))
    await checked([
      { ...account, polls: 9 },
      { ...account, silentMs: 300_001 },
    ])
    expect(lines()).toEqual(['READY=1', fed])
    // Polls that are planned an hour apart need longer.
    await checked([{ ...account, polls: 10, limitMs: 3 * 3_600_000 }])
    await vi.waitFor(() => expect(lines().slice(2)).toEqual(['WATCHDOG=1 WATCHDOG_USEC=21600000000']))
  },
)

test.skipIf(process.platform !== 'linux')('nothing is asked or said outside of a service', async () => {
  const { state, lines } = startService({ WATCHDOG_USEC: '900000000' })
  await new Promise(setImmediate)
  expect([state.reads, lines()]).toEqual([0, []])
})
