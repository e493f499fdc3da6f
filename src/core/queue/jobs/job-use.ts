import type { Clock } from '../../base/time/clock'
import { elapsedMs, type Instant, MINUTE_MS } from '../../base/time/time'
import type { JobUse } from '../../idle/sample'
import type { PodKey } from '../../pods/pod'
import type { Job } from './job'
import type { QueueRecord } from './job-codec'
import type { JobStore } from './job-store'
import { activeRun } from './job-phase'

/** A job that couldn't be reached for so long holds nothing any more. */
const HOLDS_UNREACHABLE_MS = 30 * MINUTE_MS

/** How jobs use pods. See docs/product-rules.md#153-the-guard. */
export interface JobUses {
  /** Whether a job that is under way keeps its pod busy. */
  holds(job: Job): boolean
  useOf(key: PodKey): JobUse
  /** To be called after each change of a job; null: it is gone. */
  noteChange(before: Job, after: Job | null): void
  /** Loads into the store what the journal holds, and notes the jobs that have ended since. */
  load(records: readonly QueueRecord[]): void
}

/** Fetching results is use as well: `isFetchingFrom`. */
export function createJobUses(
  clock: Pick<Clock, 'now'>,
  store: JobStore,
  isFetchingFrom: (key: PodKey) => boolean,
): JobUses {
  const endedAt = new Map<PodKey, Instant>()

  const holds = ({ run }: Job): boolean =>
    run?.unreachableSince == null || elapsedMs(run.unreachableSince, clock.now()) < HOLDS_UNREACHABLE_MS

  /** A job that was out of reach for too long has not kept its pod busy up to now. */
  function noteChange(before: Job, after: Job | null): void {
    const run = activeRun(before)
    const hasEnded = run !== null && (after === null || activeRun(after)?.id !== run.id)
    if (hasEnded && holds(before)) endedAt.set(run.podKey, clock.now())
  }

  return {
    holds,
    useOf: (key) => ({
      hasRunningJob: store.activeOn(key).some(holds) || isFetchingFrom(key),
      jobEndedAt: endedAt.get(key) ?? null,
    }),
    noteChange,
    load(records) {
      const before = store.jobs()
      store.load(records)
      for (const job of before) noteChange(job, store.job(job.id))
    },
  }
}
