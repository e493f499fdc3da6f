import type { Clock } from '../base/time/clock'
import { elapsedMs, MINUTE_MS, SECOND_MS } from '../base/time/time'
import {
  cadenceMs,
  emptyCadence,
  isAtEachReading,
  type RefreshCadence,
  refreshCount,
  withReading,
} from '../idle/refresh-cadence'
import { MAX_CADENCE_MS } from '../idle/spacing'
import type { PodId } from '../pods/pod'
import type { DoctorLine } from './doctor-line'
import { cadenceText } from './doctor-text'
import type { DoctorWait } from './doctor-wait'

/** So many refreshes of one pod are waited for, at most so long. */
export const REFRESHES = 3
export const LONGEST_CADENCE_MS = 16 * MINUTE_MS
const READ_EVERY_MS = 15 * SECOND_MS
/** Above it, figures alone stop nothing. */
const SLOW_MS = MINUTE_MS

/** The uptimes of pods now, in seconds; null: they could not be read. */
export type ReadUptimes = () => Promise<ReadonlyMap<PodId, number | null> | null>

export interface CadenceOptions {
  readonly clock: Clock
  readonly readUptimes: ReadUptimes
  /** What the quota asks for between two reads, ms. */
  readonly minIntervalMs: () => number
  readonly isCanceled: () => boolean
  readonly wait: DoctorWait
  readonly onProgress: (text: string) => void
}

/** Measures how often the figures of running pods change: by the first pod of which enough refreshes were seen. */
export async function checkCadence(options: CadenceOptions): Promise<DoctorLine> {
  const { clock, isCanceled, wait, onProgress } = options
  const startedAt = clock.now()
  let cadences: ReadonlyMap<PodId, RefreshCadence> = new Map()
  let seen = 0
  for (;;) {
    const everyMs = Math.max(READ_EVERY_MS, options.minIntervalMs())
    const passedMs = elapsedMs(startedAt, clock.now())
    if (isCanceled()) return line('not-checked', cadenceText.canceled(seen))
    if (passedMs >= LONGEST_CADENCE_MS) return tooSlow(seen)
    onProgress(cadenceText.progress(seen, REFRESHES, LONGEST_CADENCE_MS - passedMs))
    const uptimes = await options.readUptimes()
    const at = clock.now()
    if (uptimes !== null) {
      cadences = new Map(
        [...uptimes].map(([podId, uptimeS]) => [
          podId,
          withReading(cadences.get(podId) ?? emptyCadence, { at, uptimeS }, maxGapMs(everyMs)),
        ]),
      )
      seen = Math.max(0, ...[...cadences.values()].map(refreshCount))
      const measured = [...cadences.values()].find((cadence) => refreshCount(cadence) >= REFRESHES)
      if (measured !== undefined) return measuredLine(measured)
    }
    await wait(everyMs)
  }
}

/** A single reading that failed is forgiven where readings are close. */
const maxGapMs = (everyMs: number): number => Math.max(MINUTE_MS, 1.5 * everyMs)

function measuredLine(cadence: RefreshCadence): DoctorLine {
  const everyMs = cadenceMs(cadence, REFRESHES) ?? 0
  if (isAtEachReading(cadence)) return line('ok', cadenceText.atEachReading(everyMs))
  if (everyMs <= SLOW_MS) return line('ok', cadenceText.measured(everyMs))
  return everyMs <= MAX_CADENCE_MS
    ? line('warning', cadenceText.slow(everyMs))
    : line('problem', cadenceText.rare(everyMs))
}

const tooSlow = (seen: number): DoctorLine =>
  seen === 0
    ? line('problem', cadenceText.frozen(LONGEST_CADENCE_MS))
    : line('warning', cadenceText.tooFew(seen, LONGEST_CADENCE_MS))

const line = (verdict: DoctorLine['verdict'], text: string): DoctorLine => ({ id: 'cadence', verdict, text })
