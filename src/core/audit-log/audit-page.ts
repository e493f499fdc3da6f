import { actionRowText } from './action-row-text'
import { activityRows, markOf } from './activity-rows'
import type { AuditFilter, AuditPage, ListedAuditEntry, ReadableAuditLog } from './audit-log'
import { parseAuditEntry } from './parse-audit-entry'

/** The lines of a log, newest first, of the entries older than `before` (null: all). Read as far as they are taken. */
export type AuditLines = (before: number | null) => Iterable<string>

export interface PageLimits {
  /** How many entries are returned at most. */
  readonly entries: number
  /** How many lines are looked at, so that a piece takes some ten milliseconds. */
  readonly lines?: number
  /** How many lines before and after the piece are searched for the other entries of an action. */
  readonly reach?: number
}

const MAX_LINES = 2_500
const MAX_REACH = 1_000
const MAX_FOUND_PAGES = 8

/**
 * What `filter` finds in one piece of a log. Time, outcome and search are asked of whole actions and creates, which are
 * returned whole; kind, account and pod of each entry. Lines that cannot be read are skipped. See
 * docs/product-rules.md#101-activity-log.
 */
export function readAuditPage(
  lines: AuditLines,
  before: number | null,
  filter: AuditFilter,
  { entries: maxEntries, lines: maxLines = MAX_LINES, reach: maxReach = MAX_REACH }: PageLimits,
): AuditPage {
  const query = createQuery(filter)
  const reach = query === null ? 0 : maxReach
  const own: { readonly entry: ListedAuditEntry; readonly lines: number }[] = []
  const actions = new Map<string, ListedAuditEntry[]>()
  const entriesOf = (mark: string): ListedAuditEntry[] => {
    const known = actions.get(mark) ?? []
    actions.set(mark, known)
    return known
  }
  let [looked, below, lastSeq] = [0, 0, Number.POSITIVE_INFINITY]
  let oldest: ListedAuditEntry | null = null
  let lastLine = ''
  /** The number of the last line of the piece; null while it goes on. */
  let endSeq: number | null = null

  for (const line of lines(before === null ? null : before + reach)) {
    if (endSeq !== null && (below += 1) > reach) break
    const isAbove = before !== null && (seqOfLine(line) ?? 0) >= before
    if (!isAbove && endSeq === null) looked += 1
    // The last line says where the next piece begins, so it has to be a good one.
    const isLast = !isAbove && endSeq === null && looked >= maxLines
    if (!isAbove && endSeq === null) lastLine = line
    if (!isLast && !mayMatter(line, filter, query)) continue
    const entry = parseAuditEntry(line)
    if (entry === null || entry.seq >= lastSeq) continue
    lastSeq = entry.seq
    const isOwn = endSeq === null && (before === null || entry.seq < before)
    if (isOwn) oldest = entry
    if (isInScope(entry, filter)) {
      const mark = query === null ? null : markOf(entry)
      if (mark !== null) entriesOf(mark).push(entry)
      if (isOwn && (query === null || mark !== null || query.matches([entry])))
        own.push({ entry, lines: looked })
    }
    // Of many that may be found only some are returned.
    if (isOwn && (isLast || own.length >= MAX_FOUND_PAGES * maxEntries)) endSeq = entry.seq
    if (query === null && (own.length > maxEntries || endSeq !== null)) break
  }

  // The oldest line of the log was perhaps not parsed.
  if (endSeq === null) oldest = parseAuditEntry(lastLine) ?? oldest

  const matches = new Map([...actions].map(([mark, of]) => [mark, query?.matches(of) === true] as const))
  const found = own.filter(({ entry }) => {
    const mark = query === null ? null : markOf(entry)
    return mark === null || matches.get(mark) === true
  })
  const kept = found.slice(0, maxEntries)
  const last = kept.at(-1)
  const isCut = last !== undefined && kept.length < found.length
  const entries = kept.map(({ entry }) => entry)
  return {
    entries,
    companions: companionsOf(entries, actions),
    before: isCut ? last.entry.seq : endSeq,
    looked: isCut
      ? { lines: last.lines, toMs: last.entry.atMs }
      : { lines: looked, toMs: oldest?.atMs ?? null },
  }
}

function companionsOf(
  entries: readonly ListedAuditEntry[],
  actions: ReadonlyMap<string, readonly ListedAuditEntry[]>,
): readonly ListedAuditEntry[] {
  const listed = new Set(entries.map(({ seq }) => seq))
  const marks = new Set(entries.flatMap((entry) => markOf(entry) ?? []))
  return [...marks]
    .flatMap((mark) => actions.get(mark) ?? [])
    .filter(({ seq }) => !listed.has(seq))
    .sort((a, b) => b.seq - a.seq)
}

/**
 * All that `filter` finds in `log`, piece by piece, so that the caller can stop or do something else in between. Each
 * entry comes once; those of an action can come with a later piece than older ones.
 */
export function* findAuditEntries(
  log: Pick<ReadableAuditLog, 'page'>,
  filter: AuditFilter,
): Generator<readonly ListedAuditEntry[]> {
  const seen = new Set<number>()
  let before: number | null = null
  do {
    const page: AuditPage = log.page(before, filter, MAX_LINES)
    const found = [...page.entries, ...page.companions].filter(({ seq }) => !seen.has(seq))
    for (const { seq } of found) seen.add(seq)
    yield found
    before = page.before
  } while (before !== null)
}

/** What is asked of a whole action, or of an entry that is about none. */
interface Query {
  readonly sinceMs: number
  readonly terms: readonly string[]
  /** `entries`: newest first, at least one. */
  matches(entries: readonly ListedAuditEntry[]): boolean
}

/** Null: it filters by kind, account and pod only. */
function createQuery({ sinceMs, outcome, search }: AuditFilter): Query | null {
  const terms = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (sinceMs === null && outcome === null && terms.length === 0) return null
  return {
    sinceMs: sinceMs ?? Number.NEGATIVE_INFINITY,
    terms,
    matches(entries) {
      if (sinceMs !== null && !entries.some(({ atMs }) => atMs >= sinceMs)) return false
      const row = activityRows(entries)[0]
      if (row === undefined) return false
      const { action, newest } = row
      if (outcome !== null && (action?.last ?? newest).tone !== outcome) return false
      if (terms.length === 0) return true
      const sentence = action === null ? '' : actionRowText(action, true).spoken
      const text = [sentence, ...entries.map(searchedText)].join('\n').toLowerCase()
      return terms.every((term) => text.includes(term))
    },
  }
}

const searchedText = ({ text, podName, podId, what, intent, computer }: ListedAuditEntry): string =>
  [text, podName, podId, what, intent?.reason, computer].join('\n')

const isInScope = (entry: ListedAuditEntry, { kind, accountId, podId }: AuditFilter): boolean =>
  (accountId === null || entry.accountId === accountId) &&
  (podId === null || entry.podId === podId) &&
  (kind === null || entry.kind === kind)

/** False only for lines that need no parsing, which takes most of the time. */
function mayMatter(line: string, { kind, accountId, podId }: AuditFilter, query: Query | null): boolean {
  for (const value of [kind, accountId, podId])
    if (value !== null && !line.includes(JSON.stringify(value))) return false
  // What is asked of a whole action, its other entries can answer.
  if (query === null || line.includes('"intent"') || line.includes('"createId"')) return true
  const atMs = /^\{"seq":\d+,"atMs":(\d+),/.exec(line)?.[1]
  if (atMs !== undefined && Number(atMs) < query.sinceMs) return false
  if (line.includes('\\')) return true
  const text = line.toLowerCase()
  return query.terms.every((term) => text.includes(term))
}

/** The number of an entry, as found at the beginning of its line; null where it has to be parsed. */
export function seqOfLine(line: string): number | null {
  const digits = /^\{"seq":(\d{1,15}),/.exec(line)?.[1]
  return digits === undefined ? null : Number(digits)
}
