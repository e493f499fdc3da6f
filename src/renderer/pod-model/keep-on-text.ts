import { formatMoment } from '../../core/base/format'
import type { KeepOn, KeepOnChoice } from '../../core/pod-rules/pod-rules'
import { createKeepOn } from '../../core/pod-rules/keep-on'
import { MINUTE_MS } from '../../core/base/time'

const CHOICE_LABELS: Readonly<Record<Exclude<KeepOnChoice, 'morning'>, string>> = {
  '1-hour': 'For 1 hour',
  '4-hours': 'For 4 hours',
  'until-told': 'Until I say',
}

/** Menu label of a "Keep on" choice. `nowMs` (Unix ms) decides which day the morning is on. */
export function keepOnLabel(choice: KeepOnChoice, nowMs: number): string {
  if (choice !== 'morning') return CHOICE_LABELS[choice]
  const { untilMs } = createKeepOn(choice, nowMs, localOffset)
  return `Until ${formatMoment(untilMs ?? nowMs, { nowMs })}`
}

/** "Kept on until 09:00". Times in Unix ms. */
export function keepOnText({ untilMs }: KeepOn, nowMs: number, timeZone?: string): string {
  if (untilMs === null) return 'Kept on until you say'
  return `Kept on until ${formatMoment(untilMs, timeZone === undefined ? { nowMs } : { nowMs, timeZone })}`
}

const localOffset = (atMs: number): number => -new Date(atMs).getTimezoneOffset() * MINUTE_MS
