import { formatDuration, formatMoment, formatRemaining } from '../../../core/base/text/format'
import type { HeldStop } from '../../../core/guard/guard-view'
import type { Activity } from '../../../core/idle/activity'
import type { KeepOn, KeepOnChoice } from '../../../core/pod-rules/pod-rules'
import { createKeepOn, type UtcOffset } from '../../../core/pod-rules/keep-on'
import { MINUTE_MS } from '../../../core/base/time/time'

const CHOICE_LABELS: Readonly<Record<Exclude<KeepOnChoice, 'morning'>, string>> = {
  '1-hour': 'For 1 hour',
  '4-hours': 'For 4 hours',
  'until-told': 'Until I cancel',
}

/** Menu label of a choice of "Keep running". `nowMs` (Unix ms) decides which day the morning is on. */
export function keepOnLabel(choice: KeepOnChoice, nowMs: number): string {
  if (choice !== 'morning') return CHOICE_LABELS[choice]
  const { untilMs } = createKeepOn(choice, nowMs, localOffset)
  return `Until ${formatMoment(untilMs ?? nowMs, { nowMs })}`
}

/** "Keeping until 09:00 · idle for 3 h". Times in Unix ms. */
export function keepOnText(
  { untilMs }: KeepOn,
  activity: Activity,
  nowMs: number,
  timeZone?: string,
  keptBy?: string,
): string {
  const style = timeZone === undefined ? { nowMs } : { nowMs, timeZone }
  const released = keptBy === undefined ? 'you cancel' : 'that is ended there'
  const until = untilMs === null ? released : formatMoment(untilMs, style)
  const idleText =
    activity.kind === 'idle' && activity.idleForMs >= MINUTE_MS
      ? ` · idle for ${formatDuration(activity.idleForMs)}`
      : ''
  return `${keptBy === undefined ? 'Keeping' : `Kept running by ${keptBy}`} until ${until}${idleText}`
}

/** "Holds: auto-stop due in 2 h, maximum hours passed 1 h ago"; null when it holds none. Unix ms. */
export function heldStopsText(heldStops: readonly HeldStop[], nowMs: number): string | null {
  if (heldStops.length === 0) return null
  return `Holds: ${heldStops.map((held) => heldStopText(held, nowMs)).join(', ')}`
}

function heldStopText({ cause, dueAtMs }: HeldStop, nowMs: number): string {
  if (cause === 'budget') return 'its budget is spent'
  const isPast = dueAtMs <= nowMs
  const time = isPast ? `${formatDuration(nowMs - dueAtMs)} ago` : `in ${formatRemaining(dueAtMs - nowMs)}`
  if (cause === 'quiet') return `auto-stop due ${time}`
  if (cause === 'stop-time') return `time of day ${isPast ? 'passed' : 'comes'} ${time}`
  return `maximum hours ${isPast ? 'passed' : 'over'} ${time}`
}

export const localOffset: UtcOffset = (atMs: number): number =>
  -new Date(atMs).getTimezoneOffset() * MINUTE_MS
