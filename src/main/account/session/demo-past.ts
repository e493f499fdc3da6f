import type { Clock } from '../../../core/base/time/clock'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../core/base/time/time'
import type { VirtualClock } from '../../../core/base/time/virtual-clock'
import { defaultActivityRules } from '../../../core/idle/sample'
import { toHalfPercents, type UsageRecorder, type UsageSample } from '../../../core/history/usage'
import type { Monitor } from '../../../core/monitor/monitor-types'
import type { Demo } from '../../../simulator/demo'

/** How long before it opens the demo is watched: for so long its idle pods are idle then. */
export const DEMO_PAST_MS = 42 * MINUTE_MS
/** Two idle samples that are further apart than a minute would not count. */
const STEP_MS = 50 * SECOND_MS
/** How far back the record of the pods' use begins before that. */
const RECORDED_MS = 6 * HOUR_MS - DEMO_PAST_MS
/** A poll that takes longer is not waited for, in real ms. */
const MAX_WAIT_MS = 2 * SECOND_MS

/** Records the use of the running pods before the demo was watched, as another program would have. */
export function recordEarlierUsage({ simulator, time }: Demo, recorder: UsageRecorder): void {
  const toMs = Math.floor(time.nowMs())
  for (let atMs = toMs - RECORDED_MS; atMs < toMs; atMs += MINUTE_MS)
    recorder.record(simulator.runningPodIds().flatMap((podId) => usageAt(simulator, podId, atMs)))
}

function usageAt(simulator: Demo['simulator'], podId: string, atMs: number): UsageSample[] {
  const measured = simulator.measuredAt(podId, atMs)
  if (measured === null) return []
  const gpus = measured.gpus ?? []
  return [
    {
      podId,
      atMs,
      state: gpus.some(({ util }) => util >= defaultActivityRules.busyAtPercent) ? 'busy' : 'idle',
      isNewRun: false,
      gpus: gpus.map(({ util, memoryUtil }) => ({
        util: toHalfPercents(util),
        memory: toHalfPercents(memoryUtil),
      })),
      cpu: toHalfPercents(measured.cpu.util),
      memory: toHalfPercents(measured.memory.util),
    },
  ]
}

export interface DemoPastOptions {
  readonly demo: Demo
  readonly monitor: Monitor
  readonly clock: VirtualClock
  readonly realClock: Clock
  /** Whether the demo still runs. */
  readonly isRunning: () => boolean
}

/** Lets the demo's time pass until now, with a poll at each step, so that what it opens with was observed. */
export async function catchUp({
  demo,
  monitor,
  clock,
  realClock,
  isRunning,
}: DemoPastOptions): Promise<void> {
  await nextPoll(monitor, realClock)
  let isBehind = true
  while (isBehind && isRunning()) {
    isBehind = demo.catchUp(STEP_MS)
    clock.onFactorChange()
    const polled = nextPoll(monitor, realClock)
    monitor.refresh()
    await polled
  }
}

/** Resolves when the poll that runs now, or the next one, has ended. */
function nextPoll(monitor: Monitor, realClock: Clock): Promise<void> {
  const { ended } = monitor.pollProgress()
  return new Promise((resolve) => {
    const finish = (): void => {
      unsubscribe()
      cancel()
      resolve()
    }
    const unsubscribe = monitor.subscribe(() => monitor.pollProgress().ended > ended && finish())
    const cancel = realClock.schedule(MAX_WAIT_MS, finish)
  })
}
