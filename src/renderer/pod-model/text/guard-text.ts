import { formatMoment, formatRemaining } from '../../../core/base/text/format'
import type { StopCause } from '../../../core/intents/intent'
import type { AccountGuardView, AutoStopView, PodGuardView } from '../../../core/guard/guard-view'

type PlannedStop = Extract<AutoStopView, { kind: 'planned' }>
type WatchedByAutoStop = Extract<AutoStopView, { kind: 'watching' }>

/** The account's switches for automatic stops. */
export type GuardMode = Pick<AccountGuardView, 'areAutoStopsPaused' | 'isDryRun'>

/**
 * What follows the idle alert, as the end of a line: "auto-stop at 18:05 if it stays quiet". Null when there
 * is nothing to show or a panel shows it. Times in Unix ms.
 */
export function autoStopRemark(
  { autoStop, keepOn, rules }: PodGuardView,
  mode: GuardMode,
  nowMs: number,
  timeZone?: string,
): string | null {
  if (keepOn !== null) return null
  switch (autoStop.kind) {
    // Its switch says so.
    case 'off':
      return null
    case 'watching':
      return mode.areAutoStopsPaused
        ? 'auto-stop paused'
        : watchingText(autoStop, rules.atMaxHours ?? 'stop', mode, nowMs, timeZone)
    case 'planned':
    case 'blocked':
      return null
  }
}

function watchingText(
  { dueAtMs, cause, moved, held }: WatchedByAutoStop,
  atMaxHours: 'stop' | 'terminate',
  mode: GuardMode,
  nowMs: number,
  timeZone: string | undefined,
): string {
  if (dueAtMs === null)
    return held?.cause === 'quiet' ? `no auto-stop: ${held.why}` : 'not quiet, so no auto-stop'
  const isMaxHours = cause === 'max-hours'
  const momentAt = momentText(dueAtMs, nowMs, timeZone)
  const condition = cause === undefined || cause === 'quiet' ? ' if it stays quiet' : CAUSE_TEXTS[cause]
  const what = mode.isDryRun
    ? `dry run: would ${isMaxHours ? atMaxHours : 'stop'}`
    : isMaxHours
      ? `${atMaxHours}s`
      : 'auto-stop'
  return moved === undefined
    ? `${what} at ${momentAt}${condition}`
    : `${what} moved to ${momentAt}${condition}: ${moved.why}`
}

/** "Its maximum hours would not stop it: it is locked." Null when no rule of its own is held. */
export function heldRuleText({ autoStop, rules }: PodGuardView): string | null {
  const held = autoStop.kind === 'watching' ? autoStop.held : undefined
  if (held === undefined || held.cause === 'quiet') return null
  const verb = held.cause === 'max-hours' && rules.atMaxHours === 'terminate' ? 'terminate' : 'stop'
  return `${RULE_NAMES[held.cause]} would not ${verb} it: ${held.why}.`
}

const RULE_NAMES: Readonly<Record<Exclude<StopCause, 'quiet'>, string>> = {
  'max-hours': 'Its maximum hours',
  'stop-time': 'Its time of day',
  budget: 'Its budget',
}

/** "Moved from 18:05: telemetry was missing for 5 min." Null when the time has not moved. Times in Unix ms. */
export function movedText({ moved }: PlannedStop, nowMs: number, timeZone?: string): string | null {
  return moved === undefined
    ? null
    : `Moved from ${momentText(moved.fromAtMs, nowMs, timeZone)}: ${moved.why}.`
}

const CAUSE_TEXTS: Readonly<Record<StopCause, string>> = {
  quiet: '',
  'max-hours': ', at its maximum hours',
  'stop-time': ' unless it is in use',
  budget: ', at its budget',
}

/** "Stops at 18:05 · in 4 min". Times in Unix ms. */
export function plannedStopText(
  { action, atMs, cause }: PlannedStop,
  isDryRun: boolean,
  nowMs: number,
  timeZone?: string,
): string {
  const momentAt = momentText(atMs, nowMs, timeZone)
  const remaining = atMs <= nowMs ? 'now' : `in ${formatRemaining(atMs - nowMs)}`
  const why = CAUSE_TEXTS[cause]
  const verb = isDryRun ? `Dry run: would ${action}` : action === 'stop' ? 'Stops' : 'Terminates'
  return `${verb} at ${momentAt}${why} · ${remaining}`
}

/** Progress of an idle pod toward its automatic stop, 0–1; null when none is due. Times in Unix ms. */
export function autoStopProgress(guard: PodGuardView, idleForMs: number, nowMs: number): number | null {
  const leftMs = autoStopLeftMs(guard, nowMs)
  if (leftMs === null) return null
  return idleForMs + leftMs > 0 ? idleForMs / (idleForMs + leftMs) : 1
}

/** How long until an idle pod is stopped automatically, ms; null when no such stop is due. `nowMs`: Unix ms. */
export function autoStopLeftMs({ autoStop, keepOn }: PodGuardView, nowMs: number): number | null {
  if (keepOn !== null) return null
  const atMs =
    autoStop.kind === 'watching'
      ? autoStop.dueAtMs
      : autoStop.kind === 'planned' && autoStop.cause === 'quiet'
        ? autoStop.atMs
        : null
  return atMs === null ? null : Math.max(0, atMs - nowMs)
}

const momentText = (atMs: number, nowMs: number, timeZone: string | undefined): string =>
  formatMoment(atMs, timeZone === undefined ? { nowMs } : { nowMs, timeZone })
