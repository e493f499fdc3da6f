import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { errorText } from '../../core/base/text/error-text'
import { parseJson } from '../../core/base/parse-json'
import { MINUTE_MS } from '../../core/base/time/time'
import { parseTerminalInputs, type TerminalInput } from '../../core/terminal/terminal-input'
import { fileStamp } from './files/file-stamp'
import { writeProblem } from './format/folder-format'
import { readDataFile } from './files/read-data-file'
import { makeFolders } from './files/private-folder'

/** Well below the 10 min that an input makes a pod busy. */
const WRITE_EVERY_MS = MINUTE_MS
/** Clocks of one machine agree; a time further in the future was written before the clock was set back. */
const FUTURE_TOLERANCE_MS = MINUTE_MS
/** Far more pods than a person uses on one day. The one that was used longest ago leaves first. */
const MAX_PODS = 200
const MAX_BYTES = 64 * 1_024

/** The last terminal input of each pod, shared by the programs of a data folder in `terminal-input.json`. */
export interface TerminalInputFile {
  /** Records an input now. Writes at most once a minute per pod. */
  record(accountId: string, podId: string): void
  /** How long ago the last input was, ms; null: none is known. See docs/product-rules.md#29-last-use. */
  inputAgoMs(accountId: string, podId: string): number | null
}

/**
 * The app writes the file for its terminals, and commands for the pods whose files or ports they use, also while another acts.
 * Anything in it that is malformed or in the future is ignored. `onProblem` receives a sentence once.
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

  /** How long ago each was, by this computer's clock. */
  function known(): readonly { readonly entry: TerminalInput; readonly agoMs: number }[] {
    const stampNow = fileStamp(path)
    if (stampNow !== stamp) entries = stampNow === null ? [] : readEntries(path)
    stamp = stampNow
    const now = nowMs()
    return entries.map((entry) => ({ entry, agoMs: now - entry.atMs }))
  }

  return {
    record(accountId, podId) {
      const isPod = ({ entry }: { readonly entry: TerminalInput }): boolean =>
        entry.accountId === accountId && entry.podId === podId
      const all = known()
      if (all.some((one) => isPod(one) && one.agoMs >= 0 && one.agoMs < WRITE_EVERY_MS)) return
      if (writeProblem(folder) !== null) return
      const others = all.filter((one) => !isPod(one)).map(({ entry }) => entry)
      const next = [...others, { accountId, podId, atMs: nowMs() }].slice(-MAX_PODS)
      try {
        write(path, `${JSON.stringify(next)}\n`)
        hasFailed = false
      } catch (cause) {
        if (!hasFailed) onProblem(`Other programs cannot tell that a terminal is in use: ${errorText(cause)}`)
        hasFailed = true
      }
    },
    inputAgoMs(accountId, podId) {
      const own = known().find(({ entry }) => entry.accountId === accountId && entry.podId === podId)
      return own === undefined || own.agoMs < -FUTURE_TOLERANCE_MS ? null : Math.max(0, own.agoMs)
    },
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
  makeFolders(dirname(path))
  const temporary = `${path}.new`
  rmSync(temporary, { force: true })
  writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' })
  renameSync(temporary, path)
}
