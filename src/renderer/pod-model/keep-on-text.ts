import { formatMoment } from '../../core/base/format'
import type { KeepOn, KeepOnChoice } from '../../core/pod-rules/pod-rules'
import { keepOnOf } from '../../core/pod-rules/keep-on'
import { MINUTE_MS } from '../../core/base/time'

const LABELS: Readonly<Record<Exclude<KeepOnChoice, 'morning'>, string>> = {
  '1-hour': 'For 1 hour',
  '4-hours': 'For 4 hours',
  'until-told': 'Until I say',
}

/** What a menu below "Keep on" calls it. `nowMs` in Unix ms, since a morning has a day. */
export function keepOnLabel(choice: KeepOnChoice, nowMs: number): string {
  if (choice !== 'morning') return LABELS[choice]
  const { untilMs } = keepOnOf(choice, nowMs, localOffset)
  return `Until ${formatMoment(untilMs ?? nowMs, { nowMs })}`
}

/** "Kept on until 09:00". Times in Unix ms. */
export function keptOnWords({ untilMs }: KeepOn, nowMs: number, timeZone?: string): string {
  if (untilMs === null) return 'Kept on until you say'
  return `Kept on until ${formatMoment(untilMs, timeZone === undefined ? { nowMs } : { nowMs, timeZone })}`
}

const localOffset = (atMs: number): number => -new Date(atMs).getTimezoneOffset() * MINUTE_MS
