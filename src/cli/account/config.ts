import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorText } from '../../core/base/error-text'
import { emptyConfig, parseConfig } from '../../core/settings/config-schema'
import { ok } from '../../core/base/result'
import { parseSettings, type Settings } from '../../core/settings/settings'

/** Files of the data folder. What the app owns is only read here, but for what the lock guards. */
export const dataFiles = (folder: string) => ({
  config: join(folder, 'config.json'),
  journal: join(folder, 'intents.jsonl'),
  key: join(folder, 'cli-key.json'),
  activity: join(folder, 'activity'),
})

export interface CliConfig {
  readonly settings: Settings
  /** For people: what was odd about the file. */
  readonly problems: readonly string[]
  /** By what name the app knows the account of this key: the key's own, unless it took the place of another one. */
  accountIdFor(keyId: string): string
}

/** The app's settings, which hold here too; its defaults where there are none. */
export function readConfig(path: string): CliConfig {
  const { text, problem } = readText(path)
  const read = text === null ? ok(emptyConfig) : parseConfig(text)
  const { settings, problems } = parseSettings(read.ok ? read.value.settings : {})
  const readProblem = problem ?? (read.ok ? null : read.error)
  return {
    settings,
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

/** Null: there is no such file, or it cannot be read for this reason. */
function readText(path: string): { text: string | null; problem: string | null } {
  try {
    return { text: readFileSync(path, 'utf8'), problem: null }
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    return { text: null, problem: isMissing ? null : errorText(cause) }
  }
}
