import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { redact } from '../../core/base/text/redact'

const MAX_CAUSES = 5
const MAX_FRAMES = 8
const MAX_LENGTH = 4_000

/**
 * Describes an exception: name, message, code and the nearest stack frames, also of its causes. Other
 * properties are ignored, because they may contain requests and headers.
 */
function describeCause(cause: unknown): string {
  const parts: string[] = []
  let next = cause
  for (let depth = 0; depth < MAX_CAUSES && next !== undefined && next !== null; depth += 1) {
    parts.push(describeOne(next))
    next = next instanceof Error ? next.cause : undefined
  }
  return parts.join(' ← ').slice(0, MAX_LENGTH)
}

function describeOne(cause: unknown): string {
  if (!(cause instanceof Error)) return typeof cause === 'string' ? cause : typeof cause
  const { code } = cause as NodeJS.ErrnoException
  const frames = (cause.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, MAX_FRAMES)
    .map((line) => line.trim())
  const summary = `${cause.name}: ${cause.message}${typeof code === 'string' ? ` (${code})` : ''}`
  return [summary, ...frames].join(' ')
}

export type LogLevel = 'info' | 'warn' | 'error'

/** The application log. Secrets are redacted from everything that is logged. */
export interface Log {
  readonly info: (what: string) => void
  readonly warn: (what: string, cause?: unknown) => void
  readonly error: (what: string, cause?: unknown) => void
  /** From now on this text is redacted. */
  readonly hide: (secret: string) => void
  /** The last 200 lines, oldest first, redacted again with all secrets known by now. */
  lastLines(): readonly string[]
  close(): void
}

export interface LogOptions {
  /** The current file; older ones have the suffixes `.1` and `.2`. */
  readonly path: string
  /** Unix ms. */
  readonly nowMs: () => number
  /** Receives each line in addition to the file, for stderr. */
  readonly echo: (line: string) => void
  readonly maxBytes?: number
}

const MAX_BYTES = 1_000_000
const OLDER_FILES = 2
/**
 * Number of lines kept for `lastLines`. They are kept in memory, so that diagnostics work with a full disk.
 */
const KEPT_LINES = 200
const MIN_SECRET_LENGTH = 6

/** Opens the log. Never throws; what cannot be written is kept in memory only. */
export function openLog({ path, nowMs, echo, maxBytes = MAX_BYTES }: LogOptions): Log {
  const secrets = new Set<string>()
  let keptLines: string[] = ignoreErrors(() => readFileSync(path, 'utf8').split('\n').filter(Boolean), [])
  keptLines = keptLines.slice(-KEPT_LINES)
  let file: number | null = null
  let bytes = 0

  function open(): void {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    file = openSync(path, 'a', 0o600)
    bytes = fstatSync(file).size
  }

  function rotate(): void {
    if (file !== null) closeSync(file)
    file = null
    rmSync(`${path}.${OLDER_FILES}`, { force: true })
    for (let n = OLDER_FILES - 1; n >= 1; n -= 1)
      ignoreErrors(() => renameSync(`${path}.${n}`, `${path}.${n + 1}`), undefined)
    renameSync(path, `${path}.1`)
    open()
  }

  function write(line: string): void {
    if (file === null) open()
    if (bytes > 0 && bytes + Buffer.byteLength(line) > maxBytes) rotate()
    if (file !== null) bytes += writeSync(file, `${line}\n`)
  }

  function writeEntry(level: LogLevel, what: string, cause?: unknown): void {
    const message = cause === undefined ? what : `${what}: ${describeCause(cause)}`
    const line = `${new Date(nowMs()).toISOString()} ${level.padEnd(5)} ${redact(message, [...secrets])}`
    keptLines = [...keptLines, line].slice(-KEPT_LINES)
    ignoreErrors(() => write(line), undefined)
    ignoreErrors(() => echo(line), undefined)
  }

  return {
    info: (what) => writeEntry('info', what),
    warn: (what, cause) => writeEntry('warn', what, cause),
    error: (what, cause) => writeEntry('error', what, cause),
    hide(secret) {
      if (secret.length >= MIN_SECRET_LENGTH) secrets.add(secret)
    },
    lastLines: () => keptLines.map((line) => redact(line, [...secrets])),
    close() {
      ignoreErrors(() => {
        if (file !== null) closeSync(file)
      }, undefined)
      file = null
    },
  }
}

/** A failure of the log cannot be logged. */
function ignoreErrors<T>(run: () => T, fallback: T): T {
  try {
    return run()
  } catch {
    return fallback
  }
}
