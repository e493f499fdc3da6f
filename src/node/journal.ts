import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { Intent } from '../core/intents'
import { isOpen, parseIntent } from '../core/intents'
import type { Journal } from '../core/ports'
import { fail, ok } from '../core/result'
import { DAY_MS } from '../core/time'
import { replaceFile } from './replace-file'

export interface OpenJournal extends Journal {
  /** The last state of every intent, of this run and of earlier ones, oldest first. */
  latest(): readonly Intent[]
  /** Set when lines could not be read; the damaged file was set aside under this name. */
  readonly damagedCopy: string | null
  close(): void
}

/**
 * Opens the journal of intents: one JSON line per change of state, fsynced. Opening rewrites it without
 * intents that ended more than a day ago. A last line cut short by a crash was never acted on and is dropped.
 * Throws what the file system throws.
 */
export function openJournal(path: string, nowMs: number): OpenJournal {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const { intents, isDamaged } = existsSync(path) ? readIntents(path) : { intents: [], isDamaged: false }
  const damagedCopy = isDamaged ? `${path}.damaged-${nowMs}` : null
  if (damagedCopy !== null) renameSync(path, damagedCopy)
  const earlier = intents.filter((intent) => isOpen(intent) || nowMs - intent.phaseAt.wallMs < DAY_MS)
  replaceFile(path, earlier.map((intent) => `${JSON.stringify(intent)}\n`).join(''))

  const byId = new Map(earlier.map((intent) => [intent.id, intent]))
  const file = openSync(path, 'a', 0o600)
  return {
    latest: () => [...byId.values()],
    damagedCopy,
    record(intent) {
      try {
        writeSync(file, `${JSON.stringify(intent)}\n`)
        fsyncSync(file)
        byId.set(intent.id, intent)
        return ok(undefined)
      } catch (cause) {
        return fail(
          `the journal could not be written (${cause instanceof Error ? cause.message : String(cause)})`,
        )
      }
    },
    close: () => closeSync(file),
  }
}

/** A journal for the demo, whose pods do not outlive it. */
export const forgetfulJournal: Journal = { record: () => ok(undefined) }

function readIntents(path: string): { intents: readonly Intent[]; isDamaged: boolean } {
  const lines = readFileSync(path, 'utf8').split('\n')
  const cutShort = lines.pop() ?? ''
  const byId = new Map<string, Intent>()
  let isDamaged = false
  for (const [index, line] of [...lines, cutShort].entries()) {
    if (line === '') continue
    const intent = parseIntent(parseJson(line))
    if (intent) byId.set(intent.id, intent)
    else if (index < lines.length) isDamaged = true
  }
  return { intents: [...byId.values()], isDamaged }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
