import { HOUR_MS } from '../../base/time/time'

/*
 * Months are UTC, as in Runpod's bills, and named like "2026-11". An hour is identified by its index in the
 * month.
 */

export type Month = string

export const isMonth = (text: string): boolean => /^\d{4}-(0[1-9]|1[0-2])$/.test(text)

export function monthOf(atMs: number): Month {
  const at = new Date(atMs)
  const number = at.getUTCMonth() + 1
  return `${at.getUTCFullYear()}-${number < 10 ? '0' : ''}${number}`
}

/** Unix ms. */
export const monthStart = (month: Month): number =>
  Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)) - 1)

/** The month `steps` after this one, or before it when negative. */
export function monthAfter(month: Month, steps = 1): Month {
  const start = new Date(monthStart(month))
  return monthOf(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + steps))
}

/** Unix ms: the start of the next month. */
export const monthEnd = (month: Month): number => monthStart(monthAfter(month))

export const hourStart = (atMs: number): number => Math.floor(atMs / HOUR_MS) * HOUR_MS

export const hourOf = (month: Month, atMs: number): number => Math.floor((atMs - monthStart(month)) / HOUR_MS)
