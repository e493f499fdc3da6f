import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { errorText } from '../../../core/base/text/error-text'
import {
  allAuditEntries,
  type AuditEntry,
  type AuditLogView,
  emptyAuditLog,
  MAX_ALERT_SEQS,
  type ReadableAuditLog,
  sanitizeAuditEntry,
} from '../../../core/audit-log/audit-log'
import { readAuditPage } from '../../../core/audit-log/audit-page'
import { defaultSettings } from '../../../core/settings/settings'
import { fail, ok, type Result } from '../../../core/base/result'
import { auditLines, auditLogFileName, auditLogFiles, entriesFromEnd } from './audit-log-files'
import { syncFolder } from '../files/replace-file'
import { makeFolders } from '../files/private-folder'

export interface OpenAuditLog extends ReadableAuditLog {
  /** From now on this text is redacted in the log. */
  hide(secret: string): void
  close(): void
}

export interface AuditLogOptions {
  readonly folder: string
  /** Only one process writes; the error says why this one may not. See docs/decisions/0010. */
  readonly mayWrite: () => Result<void, string>
  /** Called after an entry was written. */
  readonly onRecord?: () => void
  /** Called once with a sentence when the log cannot be written, and with null when it can be again. */
  readonly onWriteProblem?: (problem: string | null) => void
  /** What this computer is called, written with each entry. Absent: not known. */
  readonly computer?: () => string
  readonly maxFileBytes?: number
  /** Read whenever a file is full, so that a change holds at once. */
  readonly maxFiles?: () => number
}

const MAX_FILE_BYTES = 1_000_000
const MAX_FILES = defaultSettings.activityLogMb
/** How many entries are searched for unseen alerts. */
const MAX_VIEWED_ENTRIES = 1_000
const MIN_SECRET_LENGTH = 6

/**
 * Entries about decisions on a pod must survive a power failure and are fsynced. Other entries survive a
 * crash of Podkeeper without fsync, and waiting for the disk each time would be too slow.
 */
const FSYNCED_KINDS: readonly AuditEntry['kind'][] = ['decision', 'intent', 'rule']

interface OpenAuditFile {
  readonly descriptor: number
  bytes: number
  /** Ensures that a line truncated by a crash does not corrupt the next one. */
  endsWithNewline: boolean
}

/**
 * The activity log of a data folder: JSON lines in `folder`, mode 0600. The oldest file is removed when there
 * are too many. Opened at the first entry, because the writing process may change. Nothing here throws.
 */
export function openAuditLog(options: AuditLogOptions): OpenAuditLog {
  const { folder, mayWrite, onRecord, onWriteProblem, computer } = options
  const { maxFileBytes = MAX_FILE_BYTES, maxFiles = () => MAX_FILES } = options
  const secrets = new Set<string>()
  let file: OpenAuditFile | null = null
  let lastSeq = 0
  let gap: { count: number; readonly sinceMs: number } | null = null
  let cached: { readonly stamp: string; readonly view: AuditLogView } = { stamp: '', view: emptyAuditLog }

  function open(): OpenAuditFile {
    makeFolders(folder)
    const newest = auditLogFiles(folder).at(-1)
    const [last] = entriesFromEnd(folder)
    // If every line of the newest file is damaged, its name still shows the number reached.
    lastSeq = Math.max(last?.seq ?? 0, (newest?.firstSeq ?? 1) - 1)
    return openAt(newest?.path ?? join(folder, auditLogFileName(lastSeq + 1)))
  }

  function openAt(path: string): OpenAuditFile {
    const descriptor = openSync(path, 'a+', 0o600)
    const bytes = fstatSync(descriptor).size
    const end = Buffer.alloc(1)
    if (bytes > 0) readSync(descriptor, end, 0, 1, bytes - 1)
    return { descriptor, bytes, endsWithNewline: bytes === 0 || end.toString() === '\n' }
  }

  function rotate(): OpenAuditFile {
    const next = openAt(join(folder, auditLogFileName(lastSeq + 1)))
    syncFolder(folder)
    close()
    for (const { path } of auditLogFiles(folder).slice(0, -Math.max(1, Math.floor(maxFiles()))))
      rmSync(path, { force: true })
    return next
  }

  function append(entry: AuditEntry): void {
    file ??= open()
    const listed = { seq: lastSeq + 1, ...sanitizeAuditEntry(entry, [...secrets]), computer: computer?.() }
    const line = `${JSON.stringify(listed)}\n`
    if (file.bytes > 0 && file.bytes + Buffer.byteLength(line) > maxFileBytes) file = rotate()
    const text = file.endsWithNewline ? line : `\n${line}`
    try {
      writeFileSync(file.descriptor, text)
      if (FSYNCED_KINDS.includes(entry.kind)) fsyncSync(file.descriptor)
    } catch (cause) {
      // Writes all or nothing: on a full disk a partial line is removed. If that fails, the next entry starts
      // on a new line.
      const { descriptor, bytes } = file
      quietly(() => ftruncateSync(descriptor, bytes))
      throw cause
    }
    file.bytes += Buffer.byteLength(text)
    file.endsWithNewline = true
    lastSeq += 1
  }

  function close(): void {
    const closing = file
    file = null
    if (closing !== null) closeSync(closing.descriptor)
  }

  function record(entry: AuditEntry): Result<void, string> {
    const permission = mayWrite()
    if (!permission.ok) return permission
    const before = view()
    try {
      if (gap !== null) append(gapEntry(gap, entry.atMs))
      append(entry)
    } catch (cause) {
      quietly(close)
      const why = errorText(cause)
      if (gap === null)
        onWriteProblem?.(`The activity log cannot be written (${why}). Podkeeper continues without it.`)
      gap = { sinceMs: gap?.sinceMs ?? entry.atMs, count: (gap?.count ?? 0) + 1 }
      return fail(`the activity log could not be written (${why})`)
    }
    if (gap !== null) {
      gap = null
      onWriteProblem?.(null)
    }
    cached = { stamp: stampOf(folder), view: withEntry(before, lastSeq, entry) }
    onRecord?.()
    return ok(undefined)
  }

  function view(): AuditLogView {
    const stamp = stampOf(folder)
    if (stamp !== cached.stamp) cached = { stamp, view: readAuditLogView(folder) }
    return cached.view
  }

  return {
    record,
    page: (before, filter, limit) =>
      readAuditPage((from) => auditLines(folder, from), before, filter, { entries: limit }),
    view,
    hide(secret) {
      if (secret.length >= MIN_SECRET_LENGTH) secrets.add(secret)
    },
    close: () => quietly(close),
  }
}

function readAuditLogView(folder: string): AuditLogView {
  const lines = (before: number | null): Iterable<string> => auditLines(folder, before)
  const { entries } = readAuditPage(lines, null, allAuditEntries, { entries: MAX_VIEWED_ENTRIES })
  const alerts = entries.filter(({ kind }) => kind === 'alert')
  return { lastSeq: entries[0]?.seq ?? 0, alertSeqs: alerts.slice(0, MAX_ALERT_SEQS).map(({ seq }) => seq) }
}

const withEntry = ({ alertSeqs }: AuditLogView, seq: number, { kind }: AuditEntry): AuditLogView => ({
  lastSeq: seq,
  alertSeqs: kind === 'alert' ? [seq, ...alertSeqs].slice(0, MAX_ALERT_SEQS) : alertSeqs,
})

/** Changes whenever an entry is written, by any process. */
function stampOf(folder: string): string {
  try {
    const newest = auditLogFiles(folder).at(-1)
    return newest === undefined ? '' : `${newest.path} ${statSync(newest.path).size}`
  } catch {
    return ''
  }
}

function gapEntry({ count, sinceMs }: { count: number; sinceMs: number }, atMs: number): AuditEntry {
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
    // An error while closing is ignored.
  }
}
