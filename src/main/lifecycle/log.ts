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
import { redact } from '../../core/base/redact'
import { describeCause } from './describe-cause'

export type LogLevel = 'info' | 'warn' | 'error'

/** Everything that is noted for whoever looks for a fault later passes here, and leaves without secrets. */
export interface Log {
  readonly info: (what: string) => void
  readonly warn: (what: string, cause?: unknown) => void
  readonly error: (what: string, cause?: unknown) => void
  /** From now on this text appears nowhere in the log. */
  readonly hide: (secret: string) => void
  /** The last 200 lines, oldest first; redacted again with what is known to be secret by now. */
  lastLines(): readonly string[]
  close(): void
}

export interface LogOptions {
  /** The file now written; older ones lie beside it as `….1` and `….2`. */
  readonly path: string
  /** Unix ms. */
  readonly now: () => number
  /** Where a line goes besides: stderr. */
  readonly echo: (line: string) => void
  readonly maxBytes?: number
}

const MAX_BYTES = 1_000_000
const OLDER_FILES = 2
/** What `lastLines` gives; kept in memory as well: a full disk must not leave the diagnostics empty. */
const KEPT_LINES = 200
const MIN_SECRET_LENGTH = 6

/** Opens the log. It never throws, whatever the disk does: what cannot be written is kept in memory only. */
export function openLog({ path, now, echo, maxBytes = MAX_BYTES }: LogOptions): Log {
  const secrets = new Set<string>()
  let kept: string[] = quietly(() => readFileSync(path, 'utf8').split('\n').filter(Boolean), [])
  kept = kept.slice(-KEPT_LINES)
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
      quietly(() => renameSync(`${path}.${n}`, `${path}.${n + 1}`), undefined)
    renameSync(path, `${path}.1`)
    open()
  }

  function write(line: string): void {
    if (file === null) open()
    if (bytes > 0 && bytes + Buffer.byteLength(line) > maxBytes) rotate()
    if (file !== null) bytes += writeSync(file, `${line}\n`)
  }

  function note(level: LogLevel, what: string, cause?: unknown): void {
    const said = cause === undefined ? what : `${what}: ${describeCause(cause)}`
    const line = `${new Date(now()).toISOString()} ${level.padEnd(5)} ${redact(said, [...secrets])}`
    kept = [...kept, line].slice(-KEPT_LINES)
    quietly(() => write(line), undefined)
    quietly(() => echo(line), undefined)
  }

  return {
    info: (what) => note('info', what),
    warn: (what, cause) => note('warn', what, cause),
    error: (what, cause) => note('error', what, cause),
    hide(secret) {
      if (secret.length >= MIN_SECRET_LENGTH) secrets.add(secret)
    },
    lastLines: () => kept.map((line) => redact(line, [...secrets])),
    close() {
      quietly(() => {
        if (file !== null) closeSync(file)
      }, undefined)
      file = null
    },
  }
}

/** The log is where failures go; its own have nowhere to go. */
function quietly<T>(run: () => T, otherwise: T): T {
  try {
    return run()
  } catch {
    return otherwise
  }
}
