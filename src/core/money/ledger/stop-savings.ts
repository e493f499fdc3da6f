import { HOUR_MS } from '../../base/time/time'
import type { PodId } from '../../pods/pod'
import type { BillingState, SubjectId } from './billing-state'
import type { LastObservation, LedgerObservation } from './ledger-observation'
import type { StoppedPod, StopSaving } from './month-book'

/*
 * What an automatic stop saves, from what was observed: the pod's rate less the disks that stay, until the pod is
 * started or gone. See docs/product-rules.md#56-saved-by-auto-stop.
 */

/** For longer than this a stop saves nothing: someone would have noticed. */
export const MAX_SAVING_MS = 12 * HOUR_MS

/** The pod that was stopped. */
export interface StopTarget {
  readonly podId: PodId
  /** Nothing of it stays. */
  readonly isTerminated: boolean
}

/** What a stop saves, as far as is known when it is recorded. */
export function savingOf(
  { podId, isTerminated }: StopTarget,
  atMs: number,
  observations: ReadonlyMap<SubjectId, LastObservation>,
): StopSaving {
  const key = observations.has(`member/${podId}`) ? `member/${podId}` : `pod/${podId}`
  const last = observations.get(key)
  const rate = last?.billingState.computeRate ?? null
  const stays = isTerminated ? 0 : (last?.billingState.offRate ?? null)
  return {
    key,
    perHour: rate === null || stays === null ? null : Math.max(0, rate - stays),
    endedAtMs: isTerminated
      ? atMs + MAX_SAVING_MS
      : last && last.atMs > atMs
        ? startAfter(atMs, last.billingState, last.atMs, atMs)
        : null,
  }
}

/**
 * The moment of a start after the stop at `stopMs`; null: none was seen. `beforeMs`: when it was last seen to be off.
 */
function startAfter(
  stopMs: number,
  { kind, startedAtMs }: BillingState,
  atMs: number,
  beforeMs: number,
): number | null {
  if (startedAtMs !== null && startedAtMs > stopMs) return Math.min(startedAtMs, atMs)
  return kind === 'off' ? null : Math.max(stopMs, beforeMs)
}

/**
 * The stops among `stops` that this observation ends, with their end. `before`: the observations before it. Where the
 * moment of a start is not known, the last time that the pod was seen to be off counts.
 */
export function endedStops(
  stops: ReadonlyMap<string, StoppedPod>,
  observation: LedgerObservation,
  before: ReadonlyMap<SubjectId, LastObservation>,
): ReadonlyMap<string, StoppedPod> {
  const ended = new Map<string, StoppedPod>()
  for (const [id, stop] of stops) {
    if (stop.saving.endedAtMs !== null || stop.atMs >= observation.atMs) continue
    const endedAtMs = endOf(stop.saving.key, stop.atMs, observation, before.get(stop.saving.key))
    if (endedAtMs !== null)
      ended.set(id, {
        ...stop,
        saving: { ...stop.saving, endedAtMs: Math.min(endedAtMs, stop.atMs + MAX_SAVING_MS) },
      })
  }
  return ended
}

function endOf(
  key: SubjectId,
  stopMs: number,
  { atMs, subjects, isComplete, possiblyPresent }: LedgerObservation,
  before: LastObservation | undefined,
): number | null {
  const offUntilMs = Math.max(stopMs, before?.missedAtMs ?? before?.atMs ?? stopMs)
  const seen = subjects.find((subject) => subject.key === key)
  if (seen) {
    const startedMs = startAfter(stopMs, seen.billingState, atMs, offUntilMs)
    return startedMs ?? (atMs - stopMs >= MAX_SAVING_MS ? stopMs + MAX_SAVING_MS : null)
  }
  return isComplete && !possiblyPresent.has(key) ? offUntilMs : null
}
