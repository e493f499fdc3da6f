import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../time/time'

const UNITS: Readonly<Record<string, number>> = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS }

/** "90m" or "2d" in ms; null: it is no such text. */
export function parseDurationMs(text: string): number | null {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  const unitMs = UNITS[unit ?? '']
  return unitMs === undefined ? null : Number(amount) * unitMs
}
