import { isObject, parseJson } from '../base/parse-json'
import { fail, ok, type Result } from '../base/result'
import { changeSettings, type SettingName, type Settings } from './settings'
import { settingList, settingNames } from './definitions/setting-list'

/** The version of the exported file, which contains settings only, never a key or an account. */
const EXPORT_VERSION = 1

export function serializeSettings(settings: Settings): string {
  return `${JSON.stringify({ podkeeperSettings: EXPORT_VERSION, settings }, null, 2)}\n`
}

/** One setting that an import would change. */
export interface SettingChange {
  readonly name: SettingName
  readonly label: string
  readonly from: Settings[SettingName]
  readonly to: Settings[SettingName]
}

/**
 * The changes that importing `text` would make. A file with any invalid value is rejected as a whole. The
 * error is for display.
 */
export function parseImport(text: string, current: Settings): Result<readonly SettingChange[], string> {
  const file = parseJson(text)
  if (!isObject(file) || !isObject(file['settings']) || typeof file['podkeeperSettings'] !== 'number')
    return fail('This is no file of exported Podkeeper settings.')
  if (file['podkeeperSettings'] > EXPORT_VERSION) return fail('A newer Podkeeper exported this file.')
  const changed = changeSettings(current, file['settings'])
  if (!changed.ok) {
    const reasons = changed.error.map(({ name, reason }) => `${name}: ${reason}`)
    return fail(`Nothing was imported. ${reasons.join(' ')}`)
  }
  const next = changed.value
  return ok(
    settingNames
      .filter((name) => next[name] !== current[name])
      .map((name) => ({ name, label: settingList[name].label, from: current[name], to: next[name] })),
  )
}
