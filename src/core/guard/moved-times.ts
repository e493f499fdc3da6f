import { formatDuration } from '../base/text/format'
import { type StopCause, stopCauses } from '../intents/intent'
import type { PodId } from '../pods/pod'
import { elapsedMs, type Instant, MINUTE_MS } from '../base/time/time'
import { forEachCause, type StopStatus, type StopStatuses } from './policy/stop-status'
import { warningsLeftMs, type WarningRules } from './policy/stop-plan'

/** A shown time of a stop that moved. `fromAtMs` (Unix ms) was shown first; `why` is a clause. */
export interface MovedTime {
  readonly fromAtMs: number
  readonly why: string
}

/**
 * Follows the time of each stop, so that a card can say that it moved, and why. See
 * docs/product-rules.md#34-showing-the-plan.
 */
export interface MovedTimes {
  /** Takes in the statuses of a pod, evaluated at `now`. */
  update(podId: PodId, statuses: StopStatuses, now: Instant, warnings: WarningRules): void
  /** Null when there is no time, or when it has not moved by more than a few minutes. */
  movedTime(podId: PodId, cause: StopCause): MovedTime | null
  /** Begins anew with one pod, or with all: null. */
  discard(podId: PodId | null): void
  retainPods(podIds: ReadonlySet<PodId>): void
}

/** A time that moved by less is not worth a word. */
const MIN_MOVE_MS = 3 * MINUTE_MS
/** Evaluations that are further apart missed some polls: a pod is polled at least every minute. */
const MISSED_POLLS_MS = 2 * MINUTE_MS

/** Why the time of a stop moved: data was missing, a warning came late, or what was observed says so. */
type MoveReason = 'missing-data' | 'late-warning' | 'observed'

/** The time of one stop since it was first shown. Moments are on the monotonic clock, ms. */
interface TimeTrack {
  readonly firstAtMs: number
  readonly firstMs: number
  readonly lastMs: number
  /** How far each reason moved it, ms; negative: nearer. */
  readonly movedMs: Readonly<Record<MoveReason, number>>
  /** Data was missing since the last certain time. */
  readonly hasMissed: boolean
  readonly seenAt: Instant
}

type PodTracks = Readonly<Record<StopCause, TimeTrack | null>>

export function createMovedTimes(): MovedTimes {
  const tracks = new Map<PodId, PodTracks>()
  return {
    update(podId, statuses, now, warnings) {
      const before = tracks.get(podId)
      const next = (cause: StopCause): TimeTrack | null =>
        nextTrack(before?.[cause] ?? null, statuses[cause], now, warnings)
      const after: PodTracks = forEachCause(next)
      if (stopCauses.some((cause) => after[cause] !== null)) tracks.set(podId, after)
      else tracks.delete(podId)
    },
    movedTime(podId, cause) {
      const track = tracks.get(podId)?.[cause] ?? null
      if (track === null || Math.abs(track.lastMs - track.firstMs) < MIN_MOVE_MS) return null
      return { fromAtMs: track.firstAtMs, why: whyText(cause, track) }
    },
    discard(podId) {
      if (podId === null) tracks.clear()
      else tracks.delete(podId)
    },
    retainPods(podIds) {
      for (const podId of tracks.keys()) if (!podIds.has(podId)) tracks.delete(podId)
    },
  }
}

/** Null while no time is shown, unless that is because data is missing for a while. */
function nextTrack(
  before: TimeTrack | null,
  status: StopStatus,
  now: Instant,
  warnings: WarningRules,
): TimeTrack | null {
  if (isDataMissing(status, now)) return before && { ...before, hasMissed: true }
  const leftMs = certainLeftMs(status)
  if (leftMs === null) return null
  const atMs = now.monotonicMs + leftMs
  const isNew = before === null || before.seenAt.runId !== now.runId
  if (isNew) {
    const movedMs = { 'missing-data': 0, 'late-warning': 0, observed: 0 }
    return {
      firstAtMs: now.wallMs + leftMs,
      firstMs: atMs,
      lastMs: atMs,
      movedMs,
      hasMissed: false,
      seenAt: now,
    }
  }
  const isWarningLate = status.kind === 'planned' && warningsLeftMs(status.plan, now, warnings) >= leftMs
  const hasMissed = before.hasMissed || elapsedMs(before.seenAt, now) > MISSED_POLLS_MS
  const reason: MoveReason = hasMissed ? 'missing-data' : isWarningLate ? 'late-warning' : 'observed'
  const movedMs = { ...before.movedMs, [reason]: before.movedMs[reason] + atMs - before.lastMs }
  return { ...before, lastMs: atMs, movedMs, hasMissed: false, seenAt: now }
}

/** A plan is confirmed at each evaluation at which no data is missing. */
function isDataMissing(status: StopStatus, now: Instant): boolean {
  if (status.kind === 'planned') return status.confirmedAt !== now
  return status.kind === 'clear' && status.hold !== null && status.hold.isDataMissing
}

function certainLeftMs(status: StopStatus): number | null {
  if (status.kind === 'planned') return status.block === null && status.leftMs > 0 ? status.leftMs : null
  return status.kind === 'clear' && status.hold === null ? status.leftMs : null
}

function whyText(cause: StopCause, { firstMs, lastMs, movedMs }: TimeTrack): string {
  const reasons: readonly MoveReason[] = ['missing-data', 'late-warning', 'observed']
  const [main] = [...reasons].sort((a, b) => Math.abs(movedMs[b]) - Math.abs(movedMs[a]))
  if (main === 'missing-data') return `telemetry was missing for ${formatDuration(Math.abs(movedMs[main]))}`
  if (main === 'late-warning') return 'you could only be warned later'
  return observedText[cause][lastMs > firstMs ? 'later' : 'sooner']
}

const observedText: Readonly<Record<StopCause, Readonly<Record<'later' | 'sooner', string>>>> = {
  quiet: {
    later: 'its CPU or memory was not at rest for a while',
    sooner: 'it has been quiet for longer than was certain',
  },
  'max-hours': {
    later: 'it has run for less than it seemed',
    sooner: 'it has run for longer than was certain',
  },
  'stop-time': {
    later: 'it was in use',
    sooner: 'it has been quiet for longer than was certain',
  },
  budget: {
    later: 'it costs less than it did',
    sooner: 'it costs more than it did',
  },
}
