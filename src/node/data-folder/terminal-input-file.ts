import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { errorText } from '../../core/base/text/error-text'
import { parseJson } from '../../core/base/parse-json'
import { MINUTE_MS } from '../../core/base/time/time'
import { parseTerminalInputs, RECENT_INPUT_MS, type TerminalInput } from '../../core/terminal/terminal-input'
import { fileStamp } from './files/file-stamp'
import { writeProblem } from './format/folder-format'
import { readDataFile } from './files/read-data-file'

/** Well below the 10 min that an input counts. */
const WRITE_EVERY_MS = MINUTE_MS
/** Clocks of one machine agree; a time further in the future was written before the clock was set back. */
const FUTURE_TOLERANCE_MS = MINUTE_MS
/** Far more than a person types into within 10 min. */
const MAX_BYTES = 64 * 1_024

/** The last terminal input of each pod, shared by the programs of a data folder in `terminal-input.json`. */
export interface TerminalInputFile {
  /** Records an input now. Writes at most once a minute per pod. */
  record(accountId: string, podId: string): void
  /** See docs/product-rules.md#22-busy. */
  hasRecentInput(accountId: string, podId: string): boolean
}

/**
 * The app writes the file for its terminals, and commands for the pods whose files or ports they use, also while another acts.
 * Anything in it that is malformed, old or in the future is ignored. `onProblem` receives a sentence once.
 */
export function openTerminalInputFile(
  folder: string,
  nowMs: () => number,
  onProblem: (text: string) => void = () => {},
): TerminalInputFile {
  const path = join(folder, 'terminal-input.json')
  let stamp: string | null = null
  let entries: readonly TerminalInput[] = []
  let hasFailed = false

  function recent(): readonly TerminalInput[] {
    const stampNow = fileStamp(path)
    if (stampNow !== stamp) entries = stampNow === null ? [] : readEntries(path)
    stamp = stampNow
    const now = nowMs()
    return entries.filter(({ atMs }) => atMs > now - RECENT_INPUT_MS && atMs <= now + FUTURE_TOLERANCE_MS)
  }

  return {
    record(accountId, podId) {
      const now = nowMs()
      const isPod = (entry: TerminalInput): boolean => entry.accountId === accountId && entry.podId === podId
      const known = recent()
      if (known.some((entry) => isPod(entry) && entry.atMs <= now && now - entry.atMs < WRITE_EVERY_MS))
        return
      if (writeProblem(folder) !== null) return
      const next = [...known.filter((entry) => !isPod(entry)), { accountId, podId, atMs: now }]
      try {
        write(path, `${JSON.stringify(next)}\n`)
        hasFailed = false
      } catch (cause) {
        if (!hasFailed) onProblem(`Other programs cannot tell that a terminal is in use: ${errorText(cause)}`)
        hasFailed = true
      }
    },
    hasRecentInput: (accountId, podId) =>
      recent().some((entry) => entry.accountId === accountId && entry.podId === podId),
  }
}

function readEntries(path: string): readonly TerminalInput[] {
  try {
    return parseTerminalInputs(parseJson(readDataFile(path, MAX_BYTES) ?? ''))
  } catch {
    return []
  }
}

/** Readers find the old or the new content. Without fsync, so that no key waits for the disk. */
function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const temporary = `${path}.new`
  rmSync(temporary, { force: true })
  writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' })
  renameSync(temporary, path)
}
