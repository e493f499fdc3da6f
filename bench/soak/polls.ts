import { createNotices } from '../../src/core/view/notices'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createMonitor } from '../../src/core/monitor/monitor'
import { defaultSettings } from '../../src/core/settings/settings'
import { HOUR_MS } from '../../src/core/base/time/time'
import { nullJournal } from '../../src/node/data-folder/journal/journal'
import {
  createMemoryAuditLog,
  createMemoryAccountRules,
  createMemoryAlertHistory,
} from '../../src/node/in-memory/memory-files'
import { providers } from '../../src/providers/index'
import { demoPods } from '../../src/simulator/demo'
import { createSimulator, FULL_KEY } from '../../src/simulator/simulator'
import type { Measurement } from '../measurement'
import { createFastClock } from './fast-clock'
import { type HeapSample, slopeOf } from './slope'

const POLLS = 100_000
const SAMPLES = 40
/** The noise of a heap of some megabytes over this many polls. One small object leaked per poll exceeds it. */
const MAX_SLOPE_B = 40

export interface PollSoak {
  readonly polls: number
  readonly slopeB: number
  /** Slope for fetching and parsing the same list without Podkeeper. */
  readonly baselineSlopeB: number
  /** Listeners, timers and Node handles at the first and at the last measurement. */
  readonly handleCount: readonly [number, number]
}

/** 17 days of polls with a fast clock: the real core and provider over HTTP against a server in this process. */
export async function measurePollSoak(): Promise<readonly Measurement[]> {
  const { slopeB, baselineSlopeB, handleCount } = await soakPolls(POLLS)
  const common = { group: 'soak', spread: null }
  return [
    {
      ...common,
      name: `growth of the heap per poll, ${POLLS} polls`,
      unit: 'B',
      value: slopeB,
      baseline: baselineSlopeB,
      beside: 'fetching and parsing the same list',
      goal: { kind: 'value', atMost: MAX_SLOPE_B },
    },
    {
      ...common,
      name: 'listeners, timers and handles after the polls',
      unit: '',
      value: handleCount[1],
      baseline: handleCount[0],
      beside: 'after the first polls',
      goal: { kind: 'difference', atMost: 0 },
    },
  ]
}

export async function soakPolls(polls: number): Promise<PollSoak> {
  const clock = createFastClock(Date.UTC(2026, 10, 24))
  const server = await serveList(() => clock.now().monotonicMs)
  const provider = providers.runpod.create({
    baseUrl: `${server.url}/v2`,
    apiKey: FULL_KEY,
    version: '0.0.0',
    hosts: 'loopback-only',
    now: () => clock.now(),
    random: Math.random,
  })
  let onPollEnded = (): void => {}
  const monitor = createMonitor({
    account: { id: 'soak', isDemo: false, host: server.url, keyStorage: 'session-only' },
    provider,
    clock,
    journal: nullJournal,
    notifier: { show: async () => 'shown' },
    alertHistory: createMemoryAlertHistory(),
    auditLog: createMemoryAuditLog(),
    accountRules: createMemoryAccountRules(),
    utcOffset: () => 0,
    mayAnnounce: () => true,
    settings: () => ({ ...defaultSettings, pollBalanceS: 86_400 }),
    earlierIntents: [],
    notices: createNotices(),
    random: Math.random,
    newId: () => 'none',
    inputAgoMs: () => null,
    alertsPausedUntilMs: () => null,
    report: (what, cause) => {
      throw new Error(what, { cause })
    },
  })
  const handleCount = (): number => clock.waiting() + nodeHandleCount()
  try {
    let lastAtMs: number | null = -1
    monitor.subscribe(({ listedAtMs, connection }) => {
      if (connection.kind !== 'live' || listedAtMs === lastAtMs || clock.waiting() === 0) return
      lastAtMs = listedAtMs
      onPollEnded()
    })
    const poll = (begin: () => unknown): Promise<void> =>
      new Promise((settle) => {
        onPollEnded = settle
        begin()
      })
    await poll(() => monitor.start())
    const own = await sampleHeap(polls, () => poll(() => clock.step()), handleCount)
    monitor.dispose()
    const bare = await sampleHeap(Math.ceil(polls / 10), async () => {
      await (await fetch(`${server.url}/v2/pods`)).json()
    })
    return {
      polls,
      slopeB: slopeOf(own.samples),
      baselineSlopeB: slopeOf(bare.samples),
      handleCount: [own.handleCount[0] ?? 0, own.handleCount.at(-1) ?? 0],
    }
  } finally {
    await server.close()
  }
}

/** Runs it `times` times and measures the heap in between. */
async function sampleHeap(
  times: number,
  act: () => Promise<void>,
  handleCount: () => number = () => 0,
): Promise<{ readonly samples: readonly HeapSample[]; readonly handleCount: readonly number[] }> {
  const samples: HeapSample[] = []
  const counts: number[] = []
  const every = Math.max(1, Math.floor(times / SAMPLES))
  for (let done = 1; done <= times; done += 1) {
    await act()
    if (done % every !== 0) continue
    samples.push({ done, bytes: heapBytes() })
    counts.push(handleCount())
  }
  return { samples, handleCount: counts }
}

function heapBytes(): number {
  for (let round = 0; round < 3; round += 1) globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

/** Handles that keep Node's event loop alive, except sockets, which depend on the connection pool. */
function nodeHandleCount(): number {
  const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0)
  const timers = process.getActiveResourcesInfo().filter((name) => /timer|timeout|immediate/i.test(name))
  return listeners + timers.length
}

/** A Runpod server whose pods run forever: the simulator's list with the simulated time of the soak test. */
async function serveList(passedMs: () => number): Promise<{ url: string; close(): Promise<void> }> {
  const simulator = await createSimulator({ seed: 7, pods: demoPods })
  const authorization = `Bearer ${FULL_KEY}`
  const list = await (await fetch(`${simulator.url}/v2/pods`, { headers: { authorization } })).text()
  await simulator.close()
  const server = createServer((_request, response) => {
    const uptimeS = Math.floor((passedMs() + HOUR_MS) / 1_000)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(list.replace(/"(uptime\w*)":\s*[\d.]+/gi, `"$1":${uptimeS}`))
  })
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((settle) => server.close(settle))
    },
  }
}
