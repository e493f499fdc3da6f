import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Provider } from '../../../src/core/pods/provider'
import { accountIdOf } from '../../../src/node/account-id'
import { openKeyUsageFile } from '../../../src/node/data-folder/key-usage-file'
import { createHubifyKey, type HubifyKey } from '../../../src/providers/hubify/key'
import { HUBIFY_KEY } from '../../../src/simulator/simulator'
import { json, startHttpServer } from '../../harness/http/http-server'
import { startSimulator } from '../../harness/simulator/simulator-fixture'
import { errorOf, LAB } from './sample-lab'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'

const OTHER = { id: 'k17d3f5g6h7j8k9m', slug: 'protein-folds' } as const
const labs = [LAB, OTHER]

/** Programs of one data folder, one key and one clock. `start` makes one that knows nothing but the folder. */
function programs(baseUrl: string, clock: { wallMs: number }) {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-usage-'))
  let runs = 0
  return {
    folder,
    start: (): HubifyKey => {
      const runId = `run ${(runs += 1)}`
      // The monotonic clock of a process begins anywhere.
      const startedAtMs = clock.wallMs - runs * 7_777
      return createHubifyKey({
        baseUrl,
        hosts: 'loopback-only',
        apiKey: HUBIFY_KEY,
        version: '1',
        now: () => ({ wallMs: clock.wallMs, monotonicMs: clock.wallMs - startedAtMs, runId }),
        random: () => 0.5,
        sleep: async (ms) => {
          clock.wallMs += ms
        },
        usage: openKeyUsageFile(folder, accountIdOf(new URL(baseUrl), HUBIFY_KEY), () => clock.wallMs),
      })
    },
  }
}

const open = (key: HubifyKey): Provider[] =>
  labs.map((lab) => key.lab(lab, () => ({ usesAnnouncedRoutes: true })))

describe('the app and commands that start again and again during a day of the free plan', () => {
  it.each(['none', 'tightest'] as const)(
    'stay within its requests with the headers of %s, and both labs are watched all the time',
    async (quotaHeaders) => {
      // Earlier than the dates of HTTP, which are real, so that no window seems to last for days.
      const clock = { wallMs: Date.now() - 72 * HOUR_MS }
      const startMs = clock.wallMs
      const { simulator } = await startSimulator({
        now: () => clock.wallMs,
        hubify: {
          plan: 'free',
          behavior: { quotaHeaders, hasPlannedRoutes: true },
          labs: [{ ...LAB, pods: [{ pod: { name: 'one', mode: 'training' } }] }, OTHER],
        },
      })
      const { start, folder } = programs(simulator.hubifyUrl, clock)
      const lists = labs.map((): number[] => [startMs])
      async function poll(lab: Provider, index: number): Promise<void> {
        const list = await lab.listPods()
        if (list.ok) lists[index]!.push(clock.wallMs)
        // Held back here, and never by the server.
        else expect(list.error).toMatchObject({ kind: 'rate-limited', status: null })
        const spending = await lab.readLabSpending!()
        if (!spending.ok) expect(spending.error).toMatchObject({ kind: 'rate-limited', status: null })
      }
      const RESTARTS = 50
      for (let restart = 0; restart < RESTARTS; restart += 1) {
        const app = open(start())
        const nextMs = app.map(() => clock.wallMs)
        const endMs = startMs + ((restart + 1) * DAY_MS) / RESTARTS
        let nextCommandMs = clock.wallMs + 10 * MINUTE_MS
        while (clock.wallMs < endMs) {
          for (const [index, lab] of app.entries()) {
            if (clock.wallMs < nextMs[index]!) continue
            await poll(lab, index)
            nextMs[index] = clock.wallMs + Math.max(15_000, lab.minPollIntervalMs())
          }
          if (clock.wallMs >= nextCommandMs) {
            nextCommandMs += 10 * MINUTE_MS
            const command = start()
            await command.listLabs()
            for (const [index, lab] of open(command).entries()) await poll(lab, index)
          }
          clock.wallMs = Math.max(clock.wallMs + 1_000, Math.min(endMs, nextCommandMs, ...nextMs))
        }
      }
      expect(simulator.requests.length).toBeLessThanOrEqual(954)
      // Little of what is allowed is left unused either.
      expect(simulator.requests.length).toBeGreaterThan(850)
      for (const times of lists) {
        const gapsMs = [...times.slice(1), clock.wallMs].map((atMs, index) => atMs - times[index]!)
        expect(Math.max(...gapsMs)).toBeLessThan(30 * MINUTE_MS)
      }
      expect(readFileSync(join(folder, 'key-usage.json'), 'utf8')).not.toContain(HUBIFY_KEY)
    },
    180_000,
  )
})

describe('a program that starts when other tools used up the plan', () => {
  it.each([
    ['the reply to the last list', 200, {}],
    ['a refusal that says how long to wait', 429, { 'retry-after': '3000' }],
  ])('sends nothing until the time that %s named, and lists right after it', async (_, status, more) => {
    const clock = { wallMs: Date.UTC(2026, 10, 24, 9) }
    const resetAtMs = clock.wallMs + 50 * MINUTE_MS
    const server = await startHttpServer()
    const quota = (left: number, atMs: number) => ({
      date: new Date(clock.wallMs).toUTCString(),
      'x-ratelimit-limit': '1000',
      'x-ratelimit-remaining': String(left),
      'x-ratelimit-reset': String(atMs / 1_000),
    })
    server.reply(json([], { status, headers: { ...quota(0, resetAtMs), ...more } }))
    const { start } = programs(server.origin, clock)
    const [first] = open(start())
    expect((await first!.listPods()).ok).toBe(status === 200)
    const sent = server.requests.length
    expect(sent).toBe(1)
    server.replyWith(() => json([], { headers: quota(999, resetAtMs + DAY_MS) }))
    const waits: number[] = []
    while (clock.wallMs < resetAtMs - MINUTE_MS) {
      const [lab] = open(start())
      expect(errorOf(await lab!.listPods())).toMatchObject({ kind: 'rate-limited', status: null })
      waits.push(resetAtMs - clock.wallMs - lab!.minPollIntervalMs())
      clock.wallMs += 7 * MINUTE_MS
    }
    expect(server.requests).toHaveLength(sent)
    const [last] = open(start())
    clock.wallMs += Math.max(0, last!.minPollIntervalMs())
    expect((await last!.listPods()).ok).toBe(true)
    // Within the usual interval of a lab, and each start knew the time to the second by which it may be rounded.
    expect(clock.wallMs - resetAtMs).toBeLessThanOrEqual(216_000)
    expect(waits).toHaveLength(7)
    for (const earlyMs of waits) expect(Math.abs(earlyMs + 500)).toBeLessThanOrEqual(500)
    await server.close()
  })

  it('waits no longer than was said, wherever the clock was set meanwhile', async () => {
    for (const setMs of [-400 * DAY_MS, -HOUR_MS, 20 * MINUTE_MS, 400 * DAY_MS]) {
      const clock = { wallMs: Date.UTC(2026, 10, 24, 9) }
      const server = await startHttpServer()
      server.reply(
        json([], {
          headers: {
            date: new Date(clock.wallMs).toUTCString(),
            'x-ratelimit-limit': '1000',
            'x-ratelimit-remaining': '0',
            'x-ratelimit-reset': '3000',
          },
        }),
      )
      const { start } = programs(server.origin, clock)
      expect((await open(start())[0]!.listPods()).ok).toBe(true)
      clock.wallMs += setMs
      server.replyWith(() => json([]))
      // The second start counts from when the first one noticed that the clock was set back.
      open(start())
      clock.wallMs += 25 * MINUTE_MS
      const [lab] = open(start())
      const waitMs = lab!.minPollIntervalMs()
      expect(waitMs).toBeLessThanOrEqual(Math.max(216_000, 26 * MINUTE_MS))
      clock.wallMs += waitMs
      expect((await lab!.listPods()).ok).toBe(true)
      await server.close()
    }
  })
})
