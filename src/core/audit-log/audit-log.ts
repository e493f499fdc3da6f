import type { IntentRequester } from '../intents/requester'
import type { AccountId, PodAction, PodId } from '../pods/pod'
import { redact } from '../base/text/redact'
import type { Result } from '../base/result'

export const auditKinds = ['alert', 'decision', 'intent', 'rule', 'key', 'connection', 'app'] as const
export type AuditKind = (typeof auditKinds)[number]
/** What an entry, or the action that it ends, turned out to be. */
export const auditTones = ['good', 'plain', 'warning', 'bad'] as const
export type AuditTone = (typeof auditTones)[number]

/** The action that an entry belongs to. */
export interface AuditIntent {
  /** The intent's id, the same in all entries of one action. */
  readonly id: string
  readonly action: PodAction
  readonly requester: IntentRequester
  /** From the request to this entry, ms. Absent where a sleep, a restart or a set clock makes it uncertain. */
  readonly elapsedMs?: number
  /** Why a rule asked, in words for parentheses: "idle for 6 h". Of an API token, or a person that sudo names: its name. */
  readonly reason?: string
}

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
  readonly tone: AuditTone
  /** Absent: it is about no action, or this part of it is damaged. */
  readonly intent?: AuditIntent
  /** The id of the create that it belongs to, the same in all of its entries. Absent: it is about none. */
  readonly createId?: string
}

/** Append-only. An entry is written before its event is shown or sent. */
export interface AuditLog {
  /** Ok means that the entry is in the file. Never throws. */
  record(entry: AuditEntry): Result<void, string>
}

/** An entry as windows list it. `seq` increases with each entry. */
export interface ListedAuditEntry extends AuditEntry {
  readonly seq: number
  /** What the computer that wrote it was called then. Absent: it is not known. */
  readonly computer?: string
}

/** A piece of the log: what a filter finds in it. */
export interface AuditPage {
  /** Newest first. */
  readonly entries: readonly ListedAuditEntry[]
  /**
   * Newest first: entries of the same actions and creates that are not in `entries`, because they are outside of the
   * piece. Empty if the filter has no condition on whole actions.
   */
  readonly companions: readonly ListedAuditEntry[]
  /** Cursor for the next, older piece; null when there is none. */
  readonly before: number | null
  readonly looked: LookedAt
}

/** How much of the log a piece is. */
export interface LookedAt {
  /** Lines of the log. */
  readonly lines: number
  /** Unix ms of the oldest of them; null if there was none. */
  readonly toMs: number | null
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
  /** Not older than this, Unix ms. An action counts as old as its last entry. */
  readonly sinceMs: number | null
  /** The outcome of an action, or the tone of an entry that is about none. */
  readonly outcome: AuditTone | null
  /** Words, all of which occur in an entry, or in those of an action; empty for all. */
  readonly search: string
}

export const allAuditEntries: AuditFilter = {
  kind: null,
  accountId: null,
  podId: null,
  sinceMs: null,
  outcome: null,
  search: '',
}

/** A log that can also be read. Reading never throws; unreadable entries are skipped. */
export interface ReadableAuditLog extends AuditLog {
  /**
   * What `filter` finds among the entries older than `before` (null: the newest), at most `limit`. It may end before
   * the log does, with fewer or none: see `readAuditPage`.
   */
  page(before: number | null, filter: AuditFilter, limit: number): AuditPage
  view(): AuditLogView
}

/** Maximum length of a name and a sentence, in UTF-16 units, so that a long pod name cannot fill the log. */
const MAX_NAME_CHARS = 300
const MAX_TEXT_CHARS = 2_000
export const MAX_ID_CHARS = 100
export const MAX_REASON_CHARS = 100

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
    ...(entry.intent !== undefined && { intent: sanitizeIntent(entry.intent, clean) }),
    ...(entry.createId !== undefined && { createId: entry.createId.slice(0, MAX_ID_CHARS) }),
  }
}

function sanitizeIntent(intent: AuditIntent, clean: (text: string, maxChars: number) => string): AuditIntent {
  const { id, action, requester, elapsedMs, reason } = intent
  return {
    id: id.slice(0, MAX_ID_CHARS),
    action,
    requester,
    ...(elapsedMs !== undefined && { elapsedMs }),
    ...(reason !== undefined && { reason: clean(reason, MAX_REASON_CHARS) }),
  }
}

/** Whether entries were written by several computers, so that each is named. */
export const areOfSeveralComputers = (entries: readonly ListedAuditEntry[]): boolean =>
  new Set(entries.flatMap(({ computer }) => computer ?? [])).size > 1
