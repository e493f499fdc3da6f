import { errorText } from '../base/text/error-text'
import { HOUR_MS } from '../base/time/time'
import { createHistoryCondenser } from './history-condenser'
import type { HistoryFiles } from './history-files'
import { journalName, parseJournalName } from './history-names'
import { createHistoryReader, type HistoryReader } from './history-reader'
import { encodeFrame } from './journal-codec'
import { floorTo } from './rollup'
import { encodeHead } from './segment-codec'
import { MAX_GPUS, MAX_TIME_MS, type UsageRecorder, type UsageSample } from './usage'

export interface HistoryStore extends UsageRecorder, HistoryReader {
  /** Resolves when everything that can be moved into segments was. */
  settled(): Promise<void>
}

export interface HistoryStoreOptions {
  readonly files: HistoryFiles
  /** Unix ms. */
  readonly nowMs: () => number
  /** Called once with a sentence when the history cannot be written, and with null when it can be again. */
  readonly onProblem: (problem: string | null) => void
}

/** A journal is moved when its hour is over, or it is larger. */
const MAX_OPEN_JOURNAL_BYTES = 8_000_000
/** What is kept in memory while nothing can be written. */
const MAX_PENDING_BYTES = 8_000_000
const MAX_ID_LENGTH = 200

/**
 * The history of one account in its files. Samples are appended to a journal. Once an hour is over, they move to a
 * segment of that hour, and whole days of such segments to rows by minute and by hour. Files are counted and not judged
 * by their age, so that a clock that jumps removes none. See docs/data-folder.md#history.
 */
export function createHistoryStore({ files, nowMs, onProblem }: HistoryStoreOptions): HistoryStore {
  const reader = createHistoryReader(files, () => pending)
  const moveAndCondense = createHistoryCondenser(files, nowMs)
  let journal: { readonly name: string; readonly hourMs: number; bytes: number } | null = null
  let pending: Uint8Array[] = []
  /** What fails at present. */
  const failing = new Set<'append' | 'move'>()
  let moving: Promise<void> | null = null

  function record(samples: readonly UsageSample[]): void {
    const valid = samples.filter(isRecordable)
    const [first] = valid
    if (first === undefined || !files.mayWrite()) return
    pending.push(encodeFrame(valid))
    try {
      append(floorTo(first.atMs, HOUR_MS))
      succeed('append')
    } catch (cause) {
      fail('append', cause)
      journal = null
      while (pending.reduce((sum, { length }) => sum + length, 0) > MAX_PENDING_BYTES) pending.shift()
    }
  }

  function fail(what: 'append' | 'move', cause: unknown): void {
    if (failing.size === 0) onProblem(`The history of your pods can’t be written: ${errorText(cause)}`)
    failing.add(what)
  }

  function succeed(what: 'append' | 'move'): void {
    if (failing.delete(what) && failing.size === 0) onProblem(null)
  }

  function append(hourMs: number): void {
    let open = journal
    if (open === null || open.hourMs !== hourMs || open.bytes > MAX_OPEN_JOURNAL_BYTES) {
      const numbers = files.list().flatMap((name) => parseJournalName(name) ?? [])
      open = { name: journalName(Math.max(0, ...numbers) + 1), hourMs, bytes: 0 }
    }
    const frames = joined(open.bytes === 0 ? [encodeHead(), ...pending] : pending)
    files.append(open.name, frames)
    open.bytes += frames.length
    pending = []
    if (open !== journal) moveSoon()
    journal = open
  }

  function moveSoon(): void {
    moving ??= Promise.resolve()
      .then(() => moveAndCondense(journal?.name ?? null))
      .then(
        () => succeed('move'),
        (cause: unknown) => fail('move', cause),
      )
      .finally(() => {
        moving = null
      })
  }

  return {
    record,
    samples: reader.samples,
    samplesOf: reader.samplesOf,
    rows: reader.rows,
    async settled() {
      while (moving !== null) await moving
    },
  }
}

const isRecordable = ({ podId, atMs, gpus }: UsageSample): boolean =>
  podId.length <= MAX_ID_LENGTH &&
  Number.isInteger(atMs) &&
  atMs >= 0 &&
  atMs < MAX_TIME_MS &&
  gpus.length <= MAX_GPUS

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
