import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import type { AlertMarks } from '../core/alerts'
import { parseMarks } from '../core/alerts'
import type { MarkStore } from '../core/ports'
import type { Settings } from '../core/settings'
import { parseSettings } from '../core/settings'
import { replaceFile } from '../node/replace-file'

/** Files of the data folder. What the app owns is only read here, but for the journal, which the lock guards. */
export const dataFiles = (folder: string) => ({
  config: join(folder, 'config.json'),
  journal: join(folder, 'intents.jsonl'),
  key: join(folder, 'cli-key.json'),
  marks: join(folder, 'cli-marks.json'),
})

export interface Config {
  readonly settings: Settings
  /** For people: what was odd about the file. */
  readonly problems: readonly string[]
  /** What the app announced. */
  readonly marks: AlertMarks
  /** By what name the app knows the account of this key: the key's own, unless it took the place of another one. */
  accountIdFor(keyId: string): string
}

const accountSchema = v.object({ id: v.string(), keyId: v.optional(v.string()) })

/** The app's settings, which hold here too; its defaults where there are none. */
export function readConfig(path: string): Config {
  const { value, problem } = readJson(path)
  const record = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  const { settings, problems } = parseSettings(record['settings'])
  return {
    settings,
    problems: [
      ...(problem === null ? [] : [`${path} could not be read, so the defaults hold: ${problem}`]),
      ...problems,
    ],
    marks: parseMarks(record['alertMarks']),
    accountIdFor(keyId) {
      const account = v.safeParse(accountSchema, record['account'])
      if (!account.success) return keyId
      return (account.output.keyId ?? account.output.id) === keyId ? account.output.id : keyId
    },
  }
}

/**
 * What was announced: by the app, as `config.json` says, and by earlier watches. Kept in memory only when the disk is
 * full, and as long as another process announces.
 */
export function openMarks(
  path: string,
  ofApp: AlertMarks,
  mayWrite: () => boolean,
  onProblem: (text: string) => void,
): MarkStore {
  let kept: AlertMarks = { ...ofApp, ...parseMarks(readJson(path).value) }
  return {
    load: () => kept,
    save(marks) {
      kept = marks
      if (!mayWrite()) return
      try {
        replaceFile(path, `${JSON.stringify(marks)}\n`)
      } catch (cause) {
        onProblem(`What was announced could not be written down: ${wordsOf(cause)}`)
      }
    },
  }
}

function readJson(path: string): { value: unknown; problem: string | null } {
  try {
    return { value: JSON.parse(readFileSync(path, 'utf8')), problem: null }
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    return { value: undefined, problem: isMissing ? null : wordsOf(cause) }
  }
}

const wordsOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
