import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorText } from '../../core/base/error-text'
import { emptyConfig, parseConfig } from '../../core/settings/config-schema'
import { ok } from '../../core/base/result'
import { parseSettings, type Settings } from '../../core/settings/settings'

/** Files of the data folder. Files owned by the app are only read here, except those that the lock protects. */
export const dataFiles = (folder: string) => ({
  config: join(folder, 'config.json'),
  journal: join(folder, 'intents.jsonl'),
  key: join(folder, 'cli-key.json'),
  activity: join(folder, 'activity'),
  hostKeys: join(folder, 'host-keys.json'),
})

export interface CliConfig {
  readonly settings: Settings
  /** The id of the account that the app stored; null: none. */
  readonly appAccountId: string | null
  /** User-facing text on problems with the file. */
  readonly problems: readonly string[]
  /**
   * The id under which the app stores the account of this key: derived from the key, unless the key replaced another
   * one.
   */
  accountIdFor(keyId: string): string
}

/** The app's settings, which also apply here; defaults if there are none. */
export function readConfig(path: string): CliConfig {
  const { text, problem } = readText(path)
  const read = text === null ? ok(emptyConfig) : parseConfig(text)
  const { settings, problems } = parseSettings(read.ok ? read.value.settings : {})
  const readProblem = problem ?? (read.ok ? null : read.error)
  return {
    settings,
    appAccountId: read.ok ? (read.value.account?.id ?? null) : null,
    problems: [
      ...(readProblem === null ? [] : [`${path} could not be read, so the defaults hold: ${readProblem}`]),
      ...problems,
    ],
    accountIdFor(keyId) {
      const account = read.ok ? read.value.account : null
      return account !== null && (account.keyId ?? account.id) === keyId ? account.id : keyId
    },
  }
}

/** Without a text, `problem` says why the file is unreadable; it is null if there is no file. */
function readText(path: string): { text: string | null; problem: string | null } {
  try {
    return { text: readFileSync(path, 'utf8'), problem: null }
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    return { text: null, problem: isMissing ? null : errorText(cause) }
  }
}
