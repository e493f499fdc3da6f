import * as v from 'valibot'
import type { AccountId, PodId } from '../pods/pod'
import { redact } from '../base/redact'
import type { Result } from '../base/result'

export const auditKinds = ['alert', 'decision', 'intent', 'rule', 'key', 'connection', 'app'] as const
export type AuditKind = (typeof auditKinds)[number]
const tones = ['good', 'plain', 'warning', 'bad'] as const

/** One event, recorded for later review. It never contains a secret. */
export interface AuditEntry {
  /** Unix ms. */
  readonly atMs: number
  readonly accountId: AccountId | null
  readonly podId: PodId | null
  /** The pod's name at that time; null if the event is not about a pod. */
  readonly podName: string | null
  readonly kind: AuditKind
  /** A machine-readable word: the kind of the alert, the rule, or the phase of the intent. */
  readonly what: string
  /** A sentence for display. */
  readonly text: string
  readonly tone: (typeof tones)[number]
}

/** Append-only. An entry is written before its event is shown or sent. */
export interface AuditLog {
  /** Ok means that the entry is in the file. Never throws. */
  record(entry: AuditEntry): Result<void, string>
}

/** An entry as windows list it. `seq` increases with each entry. */
export interface ListedAuditEntry extends AuditEntry {
  readonly seq: number
}

/** Newest first. */
export interface AuditPage {
  readonly entries: readonly ListedAuditEntry[]
  /** Cursor for the next, older page; null when there is none. */
  readonly before: number | null
}

/**
 * The part of the log that every window gets without a request: whether there are new entries and which
 * alerts were shown.
 */
export interface AuditLogView {
  /** 0 when there are no entries. */
  readonly lastSeq: number
  /** Sequence numbers of the newest alerts, newest first, at most `MAX_ALERT_SEQS`. */
  readonly alertSeqs: readonly number[]
}

export const emptyAuditLog: AuditLogView = { lastSeq: 0, alertSeqs: [] }
export const MAX_ALERT_SEQS = 100

/** Which entries to return; null for all. */
export interface AuditFilter {
  readonly kind: AuditKind | null
  readonly accountId: AccountId | null
  readonly podId: PodId | null
}

export const allAuditEntries: AuditFilter = { kind: null, accountId: null, podId: null }

/** A log that can also be read. Reading never throws; unreadable entries are skipped. */
export interface ReadableAuditLog extends AuditLog {
  /** Entries older than `before` (null: the newest), at most `limit`. */
  page(before: number | null, filter: AuditFilter, limit: number): AuditPage
  view(): AuditLogView
}

/** Maximum length of a name and a sentence, in UTF-16 units, so that a long pod name cannot fill the log. */
const MAX_NAME_CHARS = 300
const MAX_TEXT_CHARS = 2_000

/** Prepares an entry for writing: redacted, each text on one line and of limited length. */
export function sanitizeAuditEntry(entry: AuditEntry, secrets: readonly string[]): AuditEntry {
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
  // The range of a Date.
  atMs: v.pipe(v.number(), v.finite(), v.minValue(-8.64e15), v.maxValue(8.64e15)),
  accountId: v.nullable(v.string()),
  podId: v.nullable(v.string()),
  podName: v.nullable(v.string()),
  kind: v.picklist(auditKinds),
  what: v.string(),
  text: v.string(),
  tone: v.picklist(tones),
})

/** Parses an entry read from a file; null when it is invalid. */
export function parseAuditEntry(line: string): ListedAuditEntry | null {
  try {
    const parsed = v.safeParse(listedSchema, JSON.parse(line))
    return parsed.success ? parsed.output : null
  } catch {
    return null
  }
}
