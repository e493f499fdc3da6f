import { formatMoment } from '../../core/format'
import type { KeepOn, KeepOnChoice } from '../../core/guard'

const LABELS: Readonly<Record<KeepOnChoice, string>> = {
  '1-hour': 'For 1 hour',
  '4-hours': 'For 4 hours',
  morning: 'Until 09:00',
  'until-told': 'Until I say',
}

/** What a menu below "Keep on" calls it. */
export const keepOnLabel = (choice: KeepOnChoice): string => LABELS[choice]

/** "Kept on until 09:00". Times in Unix ms. */
export function keptOnWords({ untilMs }: KeepOn, nowMs: number, timeZone?: string): string {
  if (untilMs === null) return 'Kept on until you say'
  return `Kept on until ${formatMoment(untilMs, timeZone === undefined ? { nowMs } : { nowMs, timeZone })}`
}
