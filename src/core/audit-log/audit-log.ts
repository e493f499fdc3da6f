import * as v from 'valibot'
import type { AccountId, PodId } from '../pods/pod'
import { redact } from '../base/redact'
import type { Result } from '../base/result'

export const activityKinds = ['alert', 'decision', 'intent', 'rule', 'key', 'connection', 'app'] as const
export type ActivityKind = (typeof activityKinds)[number]
const tones = ['good', 'plain', 'warning', 'bad'] as const

/** What happened, as it is written down for whoever asks later. No secret is ever part of it. */
export interface ActivityEntry {
  /** Unix ms. */
  readonly atMs: number
  readonly accountId: AccountId | null
  readonly podId: PodId | null
  /** As it was called then; null: it is about no pod. */
  readonly podName: string | null
  readonly kind: ActivityKind
  /** A word for programs: the kind of the alert, the rule, the phase of the intent. */
  readonly what: string
  /** A sentence for people. */
  readonly text: string
  readonly tone: (typeof tones)[number]
}

/** Append-only, and written before anything is shown or sent. */
export interface ActivityLog {
  /** Ok: it is in the file. Never throws. */
  record(entry: ActivityEntry): Result<void, string>
}

/** One entry as windows list it; `seq` rises by one with each. */
export interface ListedActivity extends ActivityEntry {
  readonly seq: number
}

/** Newest first. */
export interface ActivityPage {
  readonly entries: readonly ListedActivity[]
  /** What to ask for the older ones with; null: there are none. */
  readonly before: number | null
}

/** What every window knows of the log without asking: whether there is news, and how much of it was said aloud. */
export interface ActivityView {
  /** 0: there are no entries. */
  readonly lastSeq: number
  /** Of the newest alerts, `MAX_ALERT_SEQS` at most, newest first. */
  readonly alertSeqs: readonly number[]
}

export const noActivity: ActivityView = { lastSeq: 0, alertSeqs: [] }
export const MAX_ALERT_SEQS = 100

/** Which entries are asked for; null: of all. */
export interface ActivityFilter {
  readonly kind: ActivityKind | null
  readonly podId: PodId | null
}

export const allActivity: ActivityFilter = { kind: null, podId: null }

/** A log that can be read as well. Reading never throws: what cannot be read is left out. */
export interface ActivityBook extends ActivityLog {
  /** Entries older than `before` (null: the newest), `limit` at most. */
  page(before: number | null, filter: ActivityFilter, limit: number): ActivityPage
  view(): ActivityView
}

/** The longest that a name and a sentence may get, in UTF-16 units: whoever names a pod must not fill the log. */
const MAX_NAME_CHARS = 300
const MAX_TEXT_CHARS = 2_000

/** The entry as it may be written down: without secrets, each text on one line and of bounded length. */
export function cleanActivity(entry: ActivityEntry, secrets: readonly string[]): ActivityEntry {
  const clean = (text: string, maxChars: number): string => redact(text, secrets).slice(0, maxChars)
  return {
    atMs: entry.atMs,
    accountId: entry.accountId,
    podId: entry.podId,
    podName: entry.podName === null ? null : clean(entry.podName, MAX_NAME_CHARS),
    kind: entry.kind,
    what: clean(entry.what, MAX_NAME_CHARS),
    text: clean(entry.text, MAX_TEXT_CHARS),
    tone: entry.tone,
  }
}

const listedSchema = v.object({
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  // What a Date can hold.
  atMs: v.pipe(v.number(), v.finite(), v.minValue(-8.64e15), v.maxValue(8.64e15)),
  accountId: v.nullable(v.string()),
  podId: v.nullable(v.string()),
  podName: v.nullable(v.string()),
  kind: v.picklist(activityKinds),
  what: v.string(),
  text: v.string(),
  tone: v.picklist(tones),
})

/** An entry read back from a file; null when it is not one. */
export function parseActivity(line: string): ListedActivity | null {
  try {
    const parsed = v.safeParse(listedSchema, JSON.parse(line))
    return parsed.success ? parsed.output : null
  } catch {
    return null
  }
}
