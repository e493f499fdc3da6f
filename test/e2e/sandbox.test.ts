import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchAsOrdinaryUser, type RunningApp } from '../harness/app/start/launch'
import { waitUntil } from '../harness/app/act/wait-until'

describe.runIf(process.platform === 'linux')('the app of an ordinary user', () => {
  let running: RunningApp
  beforeAll(async () => {
    running = await launchAsOrdinaryUser()
  })
  afterAll(() => running?.close())

  test('has every window in the sandbox of the operating system', async () => {
    await running.popover()
    const pid = await waitUntil('a renderer', async () => {
      const metrics = await running.app.evaluate(({ app }) => app.getAppMetrics())
      return metrics.find(({ type }) => type === 'Tab')?.pid
    })
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    expect(fieldOf(status, 'Seccomp')).toEqual(['2'])
    expect(fieldOf(status, 'NoNewPrivs')).toEqual(['1'])
    expect(fieldOf(status, 'Uid')).not.toContain('0')
    // More than one process id means that it runs in its own namespace and cannot address other processes.
    expect(fieldOf(status, 'NSpid').length).toBeGreaterThan(1)
    for (const process of [pid, running.pid]) {
      expect(readFileSync(`/proc/${process}/cmdline`, 'latin1')).not.toContain('--no-sandbox')
    }
  })
})

function fieldOf(status: string, name: string): string[] {
  return new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status)?.[1]?.split(/\s+/) ?? []
}
