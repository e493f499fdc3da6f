import { elapsedMs, HOUR_MS, type Instant, SECOND_MS } from '../base/time/time'
import type { SystemLog } from './system-log'

/** What the system log says of the present start of a pod. */
export interface StartLog {
  /** It says that the container was started, and nothing that this failed. */
  readonly isStarted: boolean
  /** It is read, and had a line within the last hour. */
  readonly isTelling: boolean
}

/** A log without a line for so long says nothing of where the start is. */
const TELLING_MS = HOUR_MS
/** The API's start time and the times in its log may differ by so much. */
const START_TOLERANCE_MS = 30 * SECOND_MS

/** `startedAtMs`: of the pod, Unix ms. `lastLineAt`: null while the log isn't read, or had no line. */
export function startLogOf(
  { failure, startTimesMs }: Pick<SystemLog, 'failure' | 'startTimesMs'>,
  startedAtMs: number | null,
  lastLineAt: Instant | null,
  now: Instant,
): StartLog {
  const fromMs = (startedAtMs ?? 0) - START_TOLERANCE_MS
  return {
    isStarted: failure === null && startTimesMs.some((atMs) => atMs >= fromMs),
    isTelling: lastLineAt !== null && elapsedMs(lastLineAt, now) < TELLING_MS,
  }
}
