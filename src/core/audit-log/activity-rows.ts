import { type IntentPhase, intentPhases, isOpen } from '../intents/intent'
import { type PodAction, podActions } from '../pods/pod'
import type { IntentRequester } from '../intents/requester'
import type { AuditEntry, AuditIntent, ListedAuditEntry } from './audit-log'

/** What an entry says that records the confirmation of a terminate. */
const CONFIRMED = 'terminate confirmed'

/** What the entries of a row say about one action. */
export interface LoggedAction {
  readonly action: PodAction
  /** The entry that records the last step. */
  readonly last: ListedAuditEntry
  readonly phase: IntentPhase
  readonly requester: IntentRequester
  /** Why a rule asked: "idle for 6 h"; null: not recorded. */
  readonly reason: string | null
  /** From the request to the last step, ms; null: not known for certain. */
  readonly elapsedMs: number | null
  /** From the last time it was sent to the last step, ms; null as above. */
  readonly sinceSentMs: number | null
  /** Null: the beginning is not listed, and nothing that is listed shows it. */
  readonly wasSent: boolean | null
  /** The start was to be repeated until a GPU is free. */
  readonly waitsForGpu: boolean
  /** Whether nothing newer is listed about an action on this pod. Only then it may be under way. */
  readonly isLatestOfPod: boolean
}

/** A row of the activity list: one entry, or all listed entries of one action or create. */
export interface ActivityRow {
  /** Unique among the rows. */
  readonly key: string
  /** Oldest first, at least one. */
  readonly entries: readonly ListedAuditEntry[]
  readonly newest: ListedAuditEntry
  /** The entry at whose place the row stands, and whose time it shows. */
  readonly place: ListedAuditEntry
  /** Null: an entry that is about no action, or for which that is unknown. */
  readonly action: LoggedAction | null
  /** The entries are the steps of a create, of which the last one says what became of it. */
  readonly isCreate: boolean
}

/**
 * The rows for `entries` (newest first): one for each action and create, at the place of its newest entry, and one for
 * every other entry. Entries belong to one action if they carry the same intent. Older entries that are added never
 * change the order of the rows. See docs/product-rules.md#101-activity-log.
 */
export function activityRows(entries: readonly ListedAuditEntry[]): readonly ActivityRow[] {
  const rows: ListedAuditEntry[][] = []
  const marked = new Map<string, ListedAuditEntry[]>()
  for (const entry of entries) {
    const name = markOf(entry)
    const known = name === null ? undefined : marked.get(name)
    if (known !== undefined) {
      known.push(entry)
      continue
    }
    const row = [entry]
    rows.push(row)
    if (name !== null) marked.set(name, row)
  }
  const podsSeen = new Set<string>()
  return rows.map((newestFirst) => toRow(newestFirst, podsSeen))
}

/**
 * The rows for what a filter finds: `entries` and, for whole actions, `companions` (both newest first). A row stands
 * where its newest entry of `entries` is, so that older ones that are added never change the order of the rows.
 */
export function foundRows(
  entries: readonly ListedAuditEntry[],
  companions: readonly ListedAuditEntry[],
): readonly ActivityRow[] {
  if (companions.length === 0) return activityRows(entries)
  const found = new Map(entries.map((entry) => [entry.seq, entry] as const))
  const others = companions.filter(({ seq }) => !found.has(seq))
  return activityRows([...entries, ...others].sort((a, b) => b.seq - a.seq))
    .flatMap((row) => {
      const place = [...row.entries].reverse().find(({ seq }) => found.has(seq))
      return place === undefined ? [] : [{ ...row, place }]
    })
    .sort((a, b) => b.place.seq - a.place.seq)
}

/** Identifies the action or create that an entry carries; null if it carries none, or contradicts it. */
export function markOf(entry: ListedAuditEntry): string | null {
  const { accountId, podId, intent, createId, kind, what } = entry
  // The pod of a create is known from some step on.
  if (createId !== undefined && accountId !== null) return JSON.stringify([accountId, 'create', createId])
  if (intent === undefined || accountId === null || podId === null) return null
  if (kind !== 'decision' && what !== CONFIRMED && loggedPhase(entry) === null) return null
  return JSON.stringify([accountId, podId, intent.id, intent.action])
}

function toRow(newestFirst: readonly ListedAuditEntry[], podsSeen: Set<string>): ActivityRow {
  const [newest] = newestFirst as [ListedAuditEntry, ...ListedAuditEntry[]]
  const entries = [...newestFirst].reverse()
  const isCreate = newest.createId !== undefined && newest.accountId !== null
  const row = { key: String(newest.seq), entries, newest, place: newest, isCreate }
  if (isCreate) return { ...row, action: null }
  const last = newestFirst.find((entry) => loggedPhase(entry) !== null)
  const logged = last === undefined ? null : loggedPhase(last)
  if (last === undefined || logged === null) return { ...row, action: null }
  const pod = JSON.stringify([newest.accountId, newest.podId])
  const isLatestOfPod = !podsSeen.has(pod)
  podsSeen.add(pod)
  // A step whose intent is damaged says what it says.
  const { intent } = last
  if (intent === undefined) return { ...row, action: null }
  return { ...row, action: toAction(entries, { ...last, intent }, logged, isLatestOfPod) }
}

function toAction(
  entries: readonly ListedAuditEntry[],
  last: ListedAuditEntry & { readonly intent: AuditIntent },
  { action, phase }: Pick<LoggedAction, 'action' | 'phase'>,
  isLatestOfPod: boolean,
): LoggedAction {
  const phases = entries.map((entry) => loggedPhase(entry)?.phase)
  const sent = [...entries].reverse().find((entry) => loggedPhase(entry)?.phase === 'sent')
  const elapsedMs = last.intent.elapsedMs ?? null
  const sentMs = sent?.intent?.elapsedMs
  const isSentListed = phases.some((one) => one === 'sent' || one === 'accepted')
  return {
    action,
    last,
    phase,
    requester: last.intent.requester,
    reason: entries.find(({ intent }) => intent?.reason !== undefined)?.intent?.reason ?? null,
    elapsedMs,
    sinceSentMs: elapsedMs === null || sentMs === undefined ? null : Math.max(0, elapsedMs - sentMs),
    wasSent: isSentListed ? true : entries.some(isRequest) ? false : null,
    waitsForGpu: phases.includes('waiting'),
    isLatestOfPod,
  }
}

/** Whether the last step of an action leaves open what becomes of it. */
export const isWithoutOutcome = ({ phase }: LoggedAction): boolean => isOpen({ phase })

/**
 * `rows` in the places where they are shown already: a row keeps its place and its key as entries are added to it, and
 * nothing moves away from under pointer or keyboard. A row that did not change is the same object.
 */
export function keepPlaces(
  rows: readonly ActivityRow[],
  shown: readonly ActivityRow[],
): readonly ActivityRow[] {
  // A log that starts over has the numbers of the one before.
  const nameOf = ({ seq, atMs, text }: ListedAuditEntry): string => `${seq} ${atMs} ${text}`
  const shownByEntry = new Map(
    shown.flatMap((row) => row.entries.map((entry) => [nameOf(entry), row] as const)),
  )
  const taken = new Set<string>()
  const placed = rows.map((row) => {
    const before = row.entries
      .map((entry) => shownByEntry.get(nameOf(entry)))
      .find((one) => one !== undefined)
    if (before === undefined || taken.has(before.key)) return row
    taken.add(before.key)
    return isSame(row, before) ? before : { ...row, key: before.key, place: before.place }
  })
  return placed.sort((a, b) => b.place.seq - a.place.seq)
}

/** Whether two rows with an entry in common say the same. */
const isSame = (row: ActivityRow, shown: ActivityRow): boolean =>
  row.entries.length === shown.entries.length &&
  row.entries.every((entry, index) => {
    const other = shown.entries[index]
    return entry.seq === other?.seq && entry.atMs === other.atMs && entry.text === other.text
  }) &&
  row.action?.isLatestOfPod === shown.action?.isLatestOfPod

/** The step of an action that an entry records. */
interface LoggedPhase {
  readonly action: PodAction
  readonly phase: IntentPhase
}

/** The step that `entry` records; null where it records none, or says two different things about it. */
function loggedPhase({ kind, what, podId, accountId, intent }: AuditEntry): LoggedPhase | null {
  if (kind !== 'intent' || podId === null || accountId === null) return null
  const [actionWord, phaseWord, ...rest] = what.split(' ')
  const action = podActions.find((one) => one === actionWord)
  const phase = intentPhases.find((one) => one === phaseWord)
  if (action === undefined || phase === undefined || rest.length > 0) return null
  return intent === undefined || intent.action === action ? { action, phase } : null
}

/** Whether an entry begins an action. */
function isRequest(entry: AuditEntry): boolean {
  const phase = loggedPhase(entry)?.phase
  return phase === 'waiting' || (phase === 'scheduled' && entry.intent !== undefined && !isWaitText(entry))
}

/** Whether a scheduled action is one that was sent before and waits to be sent again. */
const isWaitText = ({ text }: AuditEntry): boolean => /^The (?:start|stop|restart|terminate) of /.test(text)
