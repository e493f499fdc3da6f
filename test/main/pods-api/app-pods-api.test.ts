import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { defaultSettings, type Settings } from '../../../src/core/settings/settings'
// Is loaded when it is first served, which must not count as waiting.
import '../../../src/main/pods-api/app-accounts'
import { createAppPodsApi } from '../../../src/main/pods-api/app-pods-api'
import { createSystemClock } from '../../../src/node/clock'
import { openApiTokensFile } from '../../../src/node/pods-api/api-tokens-file'
import { takeServeLock } from '../../../src/node/pods-api/serve-lock'
import type { ServeState } from '../../../src/shared/requests/pods-api-requests'
import { freePort } from '../../harness/base/free-port'

/* The server of the app over a real folder, lock and port. */

async function listening(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return server
}
const closed = (server: Server): Promise<unknown> => new Promise((resolve) => server.close(resolve))

function newFolder(format = 2): string {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-app-api-'))
  writeFileSync(join(folder, 'format.json'), JSON.stringify({ version: format }))
  return folder
}

/** `port`: of the settings. */
function open(port: number, folder = newFolder()) {
  let settings: Settings = { ...defaultSettings, podsApiPort: String(port) }
  const listeners = new Set<(settings: Settings, before: Settings) => void>()
  const states: ServeState[] = []
  const podsApi = createAppPodsApi({
    userData: folder,
    clock: createSystemClock(),
    version: '1.0.0',
    store: {
      settings: () => settings,
      onSettings(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      accounts: () => [],
    },
    provider: () => null,
    onChange: ({ state }) => states.push(state),
    report: (what, cause) => {
      throw new Error(what, { cause })
    },
    retryMs: 20,
  })
  onTestFinished(() => podsApi.close())
  return {
    folder,
    podsApi,
    states,
    change: (changes: Partial<Settings>): void => {
      const before = settings
      settings = { ...settings, ...changes }
      for (const listener of listeners) listener(settings, before)
    },
    reaches: (state: ServeState) =>
      vi.waitFor(() => expect(podsApi.view().state).toEqual(state), { timeout: 60_000 }),
  }
}

function newToken(folder: string): { id: string; token: string } {
  const created = openApiTokensFile(folder).create({
    name: 'ci',
    scopes: ['pods:read'],
    accountIds: null,
    maxHourlyUsd: null,
    podNames: null,
    createdAtMs: Date.now(),
    expiresAtMs: null,
  })
  if (!created.ok) throw new Error(created.error)
  return created.value
}

/** Null: nobody listens. */
const statusAt = (port: number, token = ''): Promise<number | null> =>
  fetch(`http://127.0.0.1:${port}/docs`, { headers: { authorization: `Bearer ${token}` } }).then(
    ({ status }) => status,
    () => null,
  )

test('it is off until it is turned on, follows the port, and is off again', async () => {
  const [first, second] = [await freePort(), await freePort()]
  const { podsApi, change, reaches, states, folder } = open(first)
  const { id, token } = newToken(folder)
  podsApi.start()
  expect([podsApi.view().state, await statusAt(first)]).toEqual([{ kind: 'off' }, null])
  change({ isPodsApiServed: true })
  await reaches({ kind: 'serving', port: first })
  expect(await statusAt(first)).toBe(401)
  expect(podsApi.view().tokens).toMatchObject([{ id, lastUsedAtMs: null }])
  expect(await statusAt(first, token)).toBe(200)
  expect(podsApi.view().tokens[0]?.lastUsedAtMs).toBeGreaterThan(Date.now() - 60_000)
  expect(JSON.stringify(podsApi.view())).not.toMatch(/[0-9a-f]{64}|pkp_/)

  change({ podsApiPort: String(second) })
  await reaches({ kind: 'serving', port: second })
  expect([await statusAt(first), await statusAt(second, token)]).toEqual([null, 200])
  change({ isPodsApiServed: false })
  await reaches({ kind: 'off' })
  expect(await statusAt(second)).toBeNull()
  // What was used is known without a server, too.
  expect(podsApi.view().tokens[0]?.lastUsedAtMs).not.toBeNull()
  expect(states.map(({ kind }) => kind)).toEqual(['starting', 'serving', 'starting', 'serving', 'off'])
})

test('a port that another program has is shown and left to it, and served once it is free', async () => {
  const port = await freePort()
  const other = await listening(port)
  const { podsApi, change, reaches, states, folder } = open(port)
  podsApi.start()
  change({ isPodsApiServed: true })
  await reaches({ kind: 'port-in-use', port })
  // Meanwhile nothing is held that `podkeeper serve` at another port needs.
  await vi.waitFor(async () => {
    const lock = await takeServeLock(folder, 'cli')
    if (!lock.ok) throw new Error('held')
    lock.value()
  })
  await closed(other)
  await reaches({ kind: 'serving', port })
  expect(new Set(states.map(({ kind }) => kind))).not.toContain('off')
})

test('a folder that another program serves is left to it, until it ends', async () => {
  const port = await freePort()
  const { podsApi, change, reaches, folder } = open(port)
  const lock = await takeServeLock(folder, 'cli')
  if (!lock.ok) throw new Error('held')
  change({ isPodsApiServed: true })
  podsApi.start()
  await reaches({ kind: 'other-program', pid: process.pid })
  expect(await statusAt(port)).toBeNull()
  lock.value()
  await reaches({ kind: 'serving', port })
  expect(await takeServeLock(folder, 'cli')).toEqual({
    ok: false,
    error: { kind: 'other-program', holder: { program: 'app', pid: process.pid } },
  })
})

test('turned off and on at once, it is served at the end, and turned on and off, it is not', async () => {
  const port = await freePort()
  const { podsApi, change, reaches } = open(port)
  podsApi.start()
  for (const isPodsApiServed of [true, false, true, false, true]) change({ isPodsApiServed })
  await reaches({ kind: 'serving', port })
  for (const isPodsApiServed of [false, true, false]) change({ isPodsApiServed })
  await reaches({ kind: 'off' })
  expect(await statusAt(port)).toBeNull()
})

test('the end of the app ends it, and gives the folder back, also while it starts', async () => {
  for (const isStarted of [true, false]) {
    const port = await freePort()
    const { podsApi, change, reaches, folder } = open(port)
    podsApi.start()
    change({ isPodsApiServed: true })
    if (isStarted) await reaches({ kind: 'serving', port })
    await podsApi.close()
    expect(await statusAt(port)).toBeNull()
    const lock = await takeServeLock(folder, 'cli')
    expect(lock.ok).toBe(true)
    if (lock.ok) lock.value()
  }
})

test('a folder of a later version is served by nobody', async () => {
  const port = await freePort()
  const { podsApi, change } = open(port, newFolder(99))
  change({ isPodsApiServed: true })
  podsApi.start()
  await vi.waitFor(() =>
    expect(podsApi.view().state).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('Update Podkeeper'),
    }),
  )
  expect(await statusAt(port)).toBeNull()
})
