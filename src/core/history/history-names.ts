import { DAY_MS, HOUR_MS } from '../base/time/time'

/** The names of the files of a history: `journal-000001`, `samples-2026112705` (hour), `minutes-20261127` (day). */
export type SegmentKind = 'samples' | 'minutes' | 'hours'

export interface SegmentName {
  readonly kind: SegmentKind
  readonly name: string
  /** The beginning of its hour or day (UTC), Unix ms. */
  readonly startMs: number
}

export const segmentSpans = { samples: HOUR_MS, minutes: DAY_MS, hours: DAY_MS } as const

export function segmentName(kind: SegmentKind, startMs: number): string {
  const digits = new Date(startMs).toISOString().slice(0, kind === 'samples' ? 13 : 10)
  return `${kind}-${digits.replaceAll(/[-T]/g, '')}`
}

/** Null for any other name. */
export function parseSegmentName(name: string): SegmentName | null {
  const [, kind = '', digits = ''] = /^(samples|minutes|hours)-(\d{8}|\d{10})$/.exec(name) ?? []
  if (kind !== 'samples' && kind !== 'minutes' && kind !== 'hours') return null
  const [, year = '', month = '', day = '', hour = '00'] = /^(\d{4})(\d\d)(\d\d)(\d\d)?$/.exec(digits) ?? []
  const startMs = Date.parse(`${year}-${month}-${day}T${hour}:00:00Z`)
  return segmentName(kind, Number.isNaN(startMs) ? 0 : startMs) === name ? { kind, name, startMs } : null
}

export const journalName = (number: number): string => `journal-${String(number).padStart(6, '0')}`

/** Null for any other name. */
export function parseJournalName(name: string): number | null {
  const number = Number(/^journal-(\d{6,9})$/.exec(name)?.[1] ?? Number.NaN)
  return Number.isNaN(number) ? null : number
}
