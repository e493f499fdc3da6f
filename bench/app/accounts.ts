import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { Monitor } from '../../src/core/monitor/monitor-types'
import { noBudgets } from '../../src/core/money/money-view'
import { mergeSnapshots } from '../../src/core/view/merge-snapshots'
import { serializeSnapshot } from '../../src/shared/snapshot-text'
import { type Measurement, median, spreadOf } from '../measurement'
import { busyMsOf, createPollRunner, heapAfterCollection, podListOf, serveFromWorker, watch } from './poll'

const ACCOUNTS = 20
const PODS = 1_000
const POLLS = 20
const WARM_UP = 3
const POLL_S = 15
const REST_MS = 60_000

/** 20 accounts with 50 pods each, beside one with 1,000: a poll of all, the heap, and wakeups at rest. */
export async function measureAppAccounts(): Promise<readonly Measurement[]> {
  const several = await measureAccounts(ACCOUNTS)
  const one = await measureAccounts(1)
  const beside = `one account with ${PODS} pods`
  const measurement = (
    name: string,
    unit: string,
    value: number,
    baseline: number,
    spread: number | null = null,
  ): Measurement => ({
    group: 'app',
    name: `${ACCOUNTS} accounts with ${PODS / ACCOUNTS} pods: ${name}`,
    unit,
    value,
    spread,
    baseline,
    beside,
    goal: null,
  })
  return [
    measurement('a poll of all', 'ms', median(several.pollMs), median(one.pollMs), spreadOf(several.pollMs)),
    measurement('heap', 'MB', several.heapMb, one.heapMb),
    measurement('wakeups at rest', '1/s', several.wakeupsPerS, one.wakeupsPerS),
  ]
}

async function measureAccounts(count: number) {
  const server = await serveFromWorker(await podListOf(PODS / count))
  const before = heapAfterCollection()
  const monitors = watchAll(server.url, count)
  const poll = createPollOfAll(monitors)
  try {
    for (let warmUp = 0; warmUp < WARM_UP; warmUp += 1) await poll()
    const pollMs: number[] = []
    for (let measured = 0; measured < POLLS; measured += 1) pollMs.push(await busyMsOf(poll))
    const heapMb = (heapAfterCollection() - before) / 1e6
    for (const monitor of monitors) monitor.dispose()
    return { pollMs, heapMb, wakeupsPerS: await wakeupsAtRest(server.url, count) }
  } finally {
    for (const monitor of monitors) monitor.dispose()
    await server.close()
  }
}

const watchAll = (url: string, count: number, pollS?: number): readonly Monitor[] =>
  Array.from({ length: count }, (_, at) => watch(url, `account-${at + 1}`, pollS))

/** Polls all accounts once, and makes the snapshot of all of them as a window gets it. */
function createPollOfAll(monitors: readonly Monitor[]): () => Promise<void> {
  const polls = monitors.map((monitor) => createPollRunner(monitor))
  return async () => {
    await Promise.all(polls.map((poll) => poll()))
    serializeSnapshot(mergeSnapshots(monitors.map(accountSnapshotOf), noBudgets, Date.now()))
  }
}

const accountSnapshotOf = (monitor: Monitor, at: number) => ({
  entry: {
    id: `account-${at + 1}`,
    name: `Account ${at + 1}`,
    color: 'blue',
    isDemo: false,
    host: 'example.test',
    isPaused: false,
    monthlyBudgetUsd: null,
    dailyBudgetUsd: null,
    watchesNewPods: true,
    watchesEndpoints: true,
  } as const,
  snapshot: monitor.snapshot(),
})

/** How often the main thread wakes up while the accounts are polled as usual. */
async function wakeupsAtRest(url: string, count: number): Promise<number> {
  const monitors = watchAll(url, count, POLL_S)
  for (const monitor of monitors) monitor.start()
  await delay(2_000)
  const before = mainThreadWakeups()
  await delay(REST_MS)
  const wakeups = mainThreadWakeups() - before
  for (const monitor of monitors) monitor.dispose()
  return wakeups / (REST_MS / 1_000)
}

/** Linux: how often the main thread gave up the processor to wait. */
function mainThreadWakeups(): number {
  const status = readFileSync(`/proc/self/task/${process.pid}/status`, 'utf8')
  return Number(/^voluntary_ctxt_switches:\s+(\d+)$/m.exec(status)?.[1] ?? 0)
}
