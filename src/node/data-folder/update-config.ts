import { join } from 'node:path'
import { errorText } from '../../core/base/text/error-text'
import { fail, ok, type Result } from '../../core/base/result'
import type { AccountRulesStore } from '../../core/pod-rules/pod-rules'
import { parseAccountRules, withAccountRules } from '../../core/pod-rules/pod-rules-codec'
import { type AppConfig, serializeConfig } from '../../core/settings/config-schema'
import { changeSettings, type SettingError, type Settings } from '../../core/settings/settings'
import { fileTakenText, withFileLock } from './files/file-lock'
import { writeProblem } from './format/folder-format'
import { replaceFile } from './files/replace-file'

/** How a program reads and writes `config.json`. */
export interface ConfigAccess {
  /** The content at this moment; the error is a clause. */
  readonly read: () => Result<AppConfig, string>
  /** Throws file system errors, and then nothing changed. */
  readonly write: (config: AppConfig) => void
}

/** Changes the content of `config.json` as it is now. Ok means that it is on disk; the error is a clause. */
export type UpdateConfig = (change: (config: AppConfig) => AppConfig) => Result<void, string>

/**
 * Writes the content that `change` makes of the present one, while no other program of this folder does. After an error
 * nothing changed. See docs/decisions/0007-settings-file-writes.md.
 */
export function updateConfig(
  folder: string,
  { read, write }: ConfigAccess,
  change: (config: AppConfig) => AppConfig,
): Result<AppConfig, string> {
  const problem = writeProblem(folder)
  if (problem !== null) return fail(problem.replace(/\.$/, ''))
  const path = join(folder, 'config.json')
  try {
    const updated = withFileLock(`${path}.lock`, (lock): Result<AppConfig, string> => {
      const present = read()
      if (!present.ok) return present
      const next = change(present.value)
      if (!lock.isHeld()) return TAKEN
      // The copy is written first, so that the file is unchanged if the second write fails.
      replaceFile(`${path}.last-good`, serializeConfig(next))
      if (!lock.isHeld()) return TAKEN
      write(next)
      return ok(next)
    })
    const written = updated.ok ? updated.value : updated
    return written.ok ? written : fail(`config.json could not be written (${written.error})`)
  } catch (cause) {
    return fail(`config.json could not be written (${errorText(cause)})`)
  }
}

const TAKEN = fail(fileTakenText)

/** Applies all of `changes` to the settings or none; `undefined` stands for the default. */
export function updateSettings(
  current: Settings,
  changes: Readonly<Record<string, unknown>>,
  update: UpdateConfig,
): Result<void, readonly SettingError[]> {
  const changed = changeSettings(current, changes)
  if (!changed.ok) return changed
  const written = update((config) => ({ ...config, settings: mergeSettings(config.settings, changes) }))
  if (written.ok) return written
  return fail(Object.keys(changes).map((name) => ({ name, reason: `Not changed: ${written.error}.` })))
}

/** Default values are not stored, so that they follow the defaults of other versions. */
export function mergeSettings(
  given: AppConfig['settings'],
  changes: Readonly<Record<string, unknown>>,
): AppConfig['settings'] {
  return Object.fromEntries(
    Object.entries({ ...given, ...changes }).filter(([, value]) => value !== undefined),
  )
}

/** Changes the rules of an account, and leaves what this version does not know. */
export const rulesUpdater =
  (update: UpdateConfig): AccountRulesStore['update'] =>
  (accountId, change) =>
    update((config) => {
      const rules = change(parseAccountRules(config.guards, accountId).rules)
      return { ...config, guards: withAccountRules(config.guards, accountId, rules) }
    })
