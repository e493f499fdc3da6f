import { createNotices } from '../../src/core/view/notices'
import { performance } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'
import type { Clock } from '../../src/core/base/time/clock'
import { createMonitor } from '../../src/core/monitor/monitor'
import type { Monitor, MonitorOptions } from '../../src/core/monitor/monitor-types'
import { defaultSettings } from '../../src/core/settings/settings'
import { createSystemClock } from '../../src/node/clock'
import {
  createMemoryAuditLog,
  createMemoryAccountRules,
  createMemoryAlertHistory,
} from '../../src/node/in-memory/memory-files'
import { nullJournal } from '../../src/node/data-folder/journal/journal'
import { providers } from '../../src/providers/index'
import { createFleet } from '../../src/simulator/create-fleet'
import { createSimulator, FULL_KEY } from '../../src/simulator/simulator'
import { type Measurement, median, spreadOf } from '../measurement'

const SIZES = [10, 100, 1_000]
const POLLS = 20
const WARM_UP = 5
const GROWTH_POLLS = 200
/** How far apart polls are while a pod runs. */
export const POLL_MS = 15_000

/**
 * How long a poll with 10, 100 and 1,000 pods keeps the main thread busy, from the request to the published snapshot.
 */
export async function measureAppPolls(): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = []
  for (const size of SIZES) measurements.push(...(await measureSize(size)))
  return measurements
}

async function measureSize(size: number): Promise<readonly Measurement[]> {
  const body = await podListOf(size)
  const server = await serveFromWorker(body)
  const clock = createPollingClock()
  const monitor = watch(server.url, undefined, undefined, clock)
  try {
    const poll = createPollRunner(monitor, clock.nextPoll)
    for (let count = 0; count < WARM_UP; count++) await poll()
    const ownMs: number[] = []
    const floorMs: number[] = []
    for (let count = 0; count < POLLS; count++) {
      ownMs.push(await busyMsOf(poll))
      floorMs.push(await busyMsOf(() => readAndCopy(server.url)))
    }
    const before = heapAfterCollection()
    for (let count = 0; count < GROWTH_POLLS; count++) await poll()
    const growthKb = (heapAfterCollection() - before) / 1_000
    const name = `a poll with ${size} pods`
    return [
      {
        group: 'app',
        name,
        unit: 'ms',
        value: median(ownMs),
        spread: spreadOf(ownMs),
        baseline: median(floorMs),
        beside: 'fetching, parsing and structured-cloning the same list',
        goal: size === 1_000 ? { kind: 'value', atMost: 20 } : null,
      },
      {
        group: 'app',
        name: `${name}: growth of the heap in ${GROWTH_POLLS} polls`,
        unit: 'kB',
        value: growthKb,
        spread: null,
        baseline: null,
        beside: null,
        goal: size === 1_000 ? { kind: 'value', atMost: 20_000 } : null,
      },
    ]
  } finally {
    monitor.dispose()
    await server.close()
  }
}

/** The list as serialized by the simulator, `aheadMs` from now. */
export async function podListOf(size: number, aheadMs = 0): Promise<string> {
  let isAhead = false
  const now = (): number => Date.now() + (isAhead ? aheadMs : 0)
  // An account that runs out of money loses its pods.
  const simulator = await createSimulator({ seed: 7, pods: createFleet(size, 7), now, balanceUsd: 1_000_000 })
  isAhead = true
  try {
    const headers = { authorization: `Bearer ${FULL_KEY}` }
    const pages: unknown[] = []
    const answer = await fetch(`${simulator.url}/v2/pods?includeClusterPods=true`, { headers })
    pages.push(await answer.json())
    return JSON.stringify(pages[0])
  } finally {
    await simulator.close()
  }
}

/** Serves the texts in turn from another thread, so that its work is not measured. */
export async function serveFromWorker(
  ...bodies: readonly string[]
): Promise<{ url: string; close(): Promise<void> }> {
  const script = `
    const { workerData, parentPort } = require('node:worker_threads')
    let served = 0
    const server = require('node:http').createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(workerData[served++ % workerData.length])
    })
    server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))`
  const worker = new Worker(script, { eval: true, workerData: bodies })
  const port = await new Promise<number>((settle, reject) => {
    worker.once('message', settle)
    worker.once('error', reject)
  })
  return { url: `http://127.0.0.1:${port}`, close: async () => void (await worker.terminate()) }
}

/** `pollS`: seconds between polls; by default the app asks only when it is requested. */
export function watch(
  url: string,
  accountId = 'bench',
  pollS = 3_600,
  clock: Clock = createSystemClock(),
  more: Partial<MonitorOptions> = {},
): Monitor {
  const settings = { ...defaultSettings, pollActiveS: pollS, pollIdleS: pollS, pollBalanceS: 86_400 }
  const provider = providers.runpod.create({
    baseUrl: `${url}/v2`,
    apiKey: FULL_KEY,
    version: '0.0.0',
    hosts: 'loopback-only',
    now: () => clock.now(),
    random: Math.random,
  })
  return createMonitor({
    account: { id: accountId, isDemo: false, host: url, keyStorage: 'session-only' },
    provider,
    clock,
    journal: nullJournal,
    notifier: { show: async () => 'shown' },
    alertHistory: createMemoryAlertHistory(),
    auditLog: createMemoryAuditLog(),
    accountRules: createMemoryAccountRules(),
    utcOffset: () => 0,
    mayAnnounce: () => true,
    settings: () => settings,
    earlierIntents: [],
    notices: createNotices(),
    random: Math.random,
    newId: () => 'none',
    inputAgoMs: () => null,
    alertsPausedUntilMs: () => null,
    report: () => {},
    ...more,
  })
}

/** The system's clock, and on by the time between two polls with each one, so that as much is kept as in real life. */
export function createPollingClock(): Clock & { readonly nextPoll: () => void } {
  const clock = createSystemClock()
  let aheadMs = 0
  return {
    ...clock,
    now() {
      const { wallMs, monotonicMs, runId } = clock.now()
      return { wallMs: wallMs + aheadMs, monotonicMs: monotonicMs + aheadMs, runId }
    },
    nextPoll() {
      aheadMs += POLL_MS
    },
  }
}

/** Runs one poll and returns the snapshot that it published. */
export function createPollRunner(monitor: Monitor, beforePoll: () => void = () => {}): () => Promise<void> {
  let isStarted = false
  return () =>
    new Promise((settle, reject) => {
      beforePoll()
      const before = monitor.snapshot().listedAtMs ?? -1
      const unsubscribe = monitor.subscribe(({ connection, listedAtMs }) => {
        if (connection.kind !== 'live') return reject(new Error(`the bench's server: ${connection.kind}`))
        if ((listedAtMs ?? -1) <= before) return undefined
        unsubscribe()
        return settle()
      })
      if (isStarted) monitor.refresh()
      else monitor.start()
      isStarted = true
    })
}

/** The minimum cost for any app that shows a list of pods in a window. */
async function readAndCopy(url: string): Promise<void> {
  const answer = await fetch(`${url}/v2/pods`)
  structuredClone(await answer.json())
}

export async function busyMsOf(run: () => Promise<void>): Promise<number> {
  const before = performance.eventLoopUtilization()
  await run()
  return performance.eventLoopUtilization(before).active
}

export function heapAfterCollection(): number {
  const collect = globalThis.gc
  if (collect === undefined) throw new Error('The bench is started by `npm run bench`, with --expose-gc.')
  collect()
  collect()
  return process.memoryUsage().heapUsed
}
