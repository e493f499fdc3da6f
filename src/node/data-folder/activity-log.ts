import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import {
  type ActivityBook,
  type ActivityEntry,
  type ActivityPage,
  type ActivityView,
  cleanActivity,
  MAX_ALERT_SEQS,
  noActivity,
} from '../../core/audit-log/audit-log'
import { fail, ok, type Result } from '../../core/base/result'
import { activityFileName, activityFiles, entriesFromEnd } from './activity-files'
import { syncFolder } from './replace-file'

export interface OpenActivityLog extends ActivityBook {
  /** From now on this text is written nowhere in the log. */
  hide(secret: string): void
  close(): void
}

export interface ActivityLogOptions {
  readonly folder: string
  /** One process writes; why this one must not, in words: docs/decisions/0010. */
  readonly mayWrite: () => Result<void, string>
  /** An entry is in the file. */
  readonly onRecord?: () => void
  /** The log cannot be written, told once, in a sentence; null: it can again. */
  readonly onTrouble?: (problem: string | null) => void
  readonly maxFileBytes?: number
  readonly maxFiles?: number
}

const MAX_FILE_BYTES = 1_000_000
const MAX_FILES = 5
/** How far back the unseen alerts are looked for. */
const VIEWED_ENTRIES = 1_000
const MIN_SECRET_LENGTH = 6

/**
 * What decides over a pod must outlive a power cut, and is fsynced. An alert, a lost connection or a start is in the
 * system's hands once it is written: a crash of Podkeeper loses none, and each would cost a wait for the disk.
 */
const SYNCED: readonly ActivityEntry['kind'][] = ['decision', 'intent', 'rule']

interface OpenFile {
  readonly descriptor: number
  bytes: number
  /** A line that a crash cut short must not swallow the next one. */
  endsInLine: boolean
}

/**
 * The activity log of a data folder: JSON lines in `folder`, mode 0600, the oldest file removed when there are too
 * many. Opened at the first entry, for the process that acts changes. Nothing here throws.
 */
export function openActivityLog(options: ActivityLogOptions): OpenActivityLog {
  const { folder, mayWrite, onRecord, onTrouble } = options
  const { maxFileBytes = MAX_FILE_BYTES, maxFiles = MAX_FILES } = options
  const secrets = new Set<string>()
  let file: OpenFile | null = null
  let lastSeq = 0
  let missed: { count: number; readonly sinceMs: number } | null = null
  let seen: { readonly stamp: string; readonly view: ActivityView } = { stamp: '', view: noActivity }

  function open(): OpenFile {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const newest = activityFiles(folder).at(-1)
    const [last] = entriesFromEnd(folder)
    // Where every line of the newest file is damaged its name still says how far the numbers had come.
    lastSeq = Math.max(last?.seq ?? 0, (newest?.firstSeq ?? 1) - 1)
    return openAt(newest?.path ?? join(folder, activityFileName(lastSeq + 1)))
  }

  function openAt(path: string): OpenFile {
    const descriptor = openSync(path, 'a+', 0o600)
    const bytes = fstatSync(descriptor).size
    const end = Buffer.alloc(1)
    if (bytes > 0) readSync(descriptor, end, 0, 1, bytes - 1)
    return { descriptor, bytes, endsInLine: bytes === 0 || end.toString() === '\n' }
  }

  function rotate(): OpenFile {
    const begun = openAt(join(folder, activityFileName(lastSeq + 1)))
    syncFolder(folder)
    close()
    for (const { path } of activityFiles(folder).slice(0, -maxFiles)) rmSync(path, { force: true })
    return begun
  }

  function append(entry: ActivityEntry): void {
    file ??= open()
    const line = `${JSON.stringify({ seq: lastSeq + 1, ...cleanActivity(entry, [...secrets]) })}\n`
    if (file.bytes > 0 && file.bytes + Buffer.byteLength(line) > maxFileBytes) file = rotate()
    const text = file.endsInLine ? line : `\n${line}`
    try {
      writeFileSync(file.descriptor, text)
      if (SYNCED.includes(entry.kind)) fsyncSync(file.descriptor)
    } catch (cause) {
      // All of it, or nothing: of a full disk half a line may be there. Should that stay, the next one begins anew.
      const { descriptor, bytes } = file
      quietly(() => ftruncateSync(descriptor, bytes))
      throw cause
    }
    file.bytes += Buffer.byteLength(text)
    file.endsInLine = true
    lastSeq += 1
  }

  function close(): void {
    const closing = file
    file = null
    if (closing !== null) closeSync(closing.descriptor)
  }

  function record(entry: ActivityEntry): Result<void, string> {
    const may = mayWrite()
    if (!may.ok) return may
    const before = view()
    try {
      if (missed !== null) append(entryOfGap(missed, entry.atMs))
      append(entry)
    } catch (cause) {
      quietly(close)
      const why = cause instanceof Error ? cause.message : String(cause)
      if (missed === null)
        onTrouble?.(`The activity log cannot be written (${why}). Podkeeper goes on without.`)
      missed = { sinceMs: missed?.sinceMs ?? entry.atMs, count: (missed?.count ?? 0) + 1 }
      return fail(`the activity log could not be written (${why})`)
    }
    if (missed !== null) {
      missed = null
      onTrouble?.(null)
    }
    seen = { stamp: stampOf(folder), view: withEntry(before, lastSeq, entry) }
    onRecord?.()
    return ok(undefined)
  }

  function view(): ActivityView {
    const stamp = stampOf(folder)
    if (stamp !== seen.stamp) seen = { stamp, view: readView(folder) }
    return seen.view
  }

  return {
    record,
    page: (before, filter, limit) => takePage(entriesFromEnd(folder, before, filter), limit),
    view,
    hide(secret) {
      if (secret.length >= MIN_SECRET_LENGTH) secrets.add(secret)
    },
    close: () => quietly(close),
  }
}

/** As many of `entries`, newest first, as a page holds. */
function takePage(entries: Iterable<ActivityPage['entries'][number]>, limit: number): ActivityPage {
  const taken: ActivityPage['entries'][number][] = []
  for (const entry of entries) {
    const last = taken.at(-1)
    if (last !== undefined && taken.length >= limit) return { entries: taken, before: last.seq }
    taken.push(entry)
  }
  return { entries: taken, before: null }
}

function readView(folder: string): ActivityView {
  const { entries } = takePage(entriesFromEnd(folder), VIEWED_ENTRIES)
  const alerts = entries.filter(({ kind }) => kind === 'alert')
  return { lastSeq: entries[0]?.seq ?? 0, alertSeqs: alerts.slice(0, MAX_ALERT_SEQS).map(({ seq }) => seq) }
}

const withEntry = ({ alertSeqs }: ActivityView, seq: number, { kind }: ActivityEntry): ActivityView => ({
  lastSeq: seq,
  alertSeqs: kind === 'alert' ? [seq, ...alertSeqs].slice(0, MAX_ALERT_SEQS) : alertSeqs,
})

/** Another one each time that an entry was written, by whichever process. */
function stampOf(folder: string): string {
  try {
    const newest = activityFiles(folder).at(-1)
    return newest === undefined ? '' : `${newest.path} ${statSync(newest.path).size}`
  } catch {
    return ''
  }
}

function entryOfGap({ count, sinceMs }: { count: number; sinceMs: number }, atMs: number): ActivityEntry {
  const what = count === 1 ? 'One entry' : `${count} entries`
  return {
    atMs,
    accountId: null,
    podId: null,
    podName: null,
    kind: 'app',
    what: 'log-resumed',
    text: `${what} could not be written to this log since ${new Date(sinceMs).toISOString()}.`,
    tone: 'warning',
  }
}

function quietly(run: () => void): void {
  try {
    run()
  } catch {
    // What cannot even be closed is given up.
  }
}
