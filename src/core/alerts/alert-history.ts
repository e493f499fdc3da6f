import * as v from 'valibot'
import { type AlertKey, alertKinds } from './alert'
import { DAY_MS } from '../base/time'

/** What became of an alert, so that nothing is said twice; kept across restarts. */
export interface AlertMark extends AlertKey {
  /** When it was said, or else written down, Unix ms. */
  readonly atMs: number
  /** `held`: silence hides it, and it is said afterwards if it still holds. `dropped`: it never will be said. */
  readonly state: 'said' | 'held' | 'dropped'
  /** Of a critical one: when the system took it, Unix ms. */
  readonly deliveredAtMs?: number
}

/** Key: see `nameOfAlert`. */
export type AlertMarks = Readonly<Record<string, AlertMark>>

/** Marks older than this serve no rule any more, unless what they are of still holds. */
const KEEP_MS = 7 * DAY_MS

/** Far more than a thousand pods leave in a week; the oldest go first. */
export const MAX_MARKS = 5_000

export function nameOfAlert({ kind, accountId, podId, episode }: AlertKey): string {
  return JSON.stringify([kind, accountId, podId, episode])
}

/**
 * `marks` without those that serve nothing any more: the old ones, and the oldest where there are too many. `holding`:
 * the names of what holds now, which are kept; null when that is not known, and then no mark is too old.
 */
export function prunedMarks(
  marks: AlertMarks,
  holding: ReadonlySet<string> | null,
  nowMs: number,
): AlertMarks {
  const all = Object.entries(marks)
  const kept = all.filter(
    ([name, { atMs }]) => holding === null || holding.has(name) || Math.abs(nowMs - atMs) < KEEP_MS,
  )
  if (kept.length === all.length && all.length <= MAX_MARKS) return marks
  const isHolding = (name: string): boolean => holding?.has(name) ?? false
  const spare = kept.length - MAX_MARKS
  const oldest = kept
    .filter(([name]) => !isHolding(name))
    .sort(([, a], [, b]) => a.atMs - b.atMs)
    .slice(0, Math.max(0, spare))
  const leaving = new Set(oldest.map(([name]) => name))
  return Object.fromEntries(kept.filter(([name]) => !leaving.has(name)))
}

const markSchema = v.object({
  kind: v.picklist(alertKinds),
  accountId: v.string(),
  podId: v.nullable(v.string()),
  // A number once, when only idleness was announced.
  episode: v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
  atMs: v.pipe(v.number(), v.finite()),
  state: v.optional(v.picklist(['said', 'held', 'dropped']), 'said'),
  deliveredAtMs: v.exactOptional(v.pipe(v.number(), v.finite())),
})

/** Marks read back from a file, of any earlier version; what is not one is dropped. */
export function parseMarks(value: unknown): AlertMarks {
  const marks: Record<string, AlertMark> = {}
  for (const entry of Object.values(typeof value === 'object' && value !== null ? value : {})) {
    const parsed = v.safeParse(markSchema, entry)
    if (parsed.success) marks[nameOfAlert(parsed.output)] = parsed.output
  }
  return marks
}

/** Keeps what was announced across restarts. */
export interface MarkStore {
  load(): AlertMarks
  save(marks: AlertMarks): void
}
