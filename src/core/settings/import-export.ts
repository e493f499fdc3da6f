import { isObject, parseJson } from '../base/parse-json'
import { fail, ok, type Result } from '../base/result'
import { changeSettings, type SettingName, type Settings } from './settings'
import { changedIn, isSettingName, settingList, settingNames } from './definitions/setting-list'

/**
 * The version of the exported file, which contains settings only, never a key or an account. Settings that no file
 * may change are left out: where keys are sent, and which private key is used.
 */
const EXPORT_VERSION = 1

export function serializeSettings(settings: Settings): string {
  const exported = Object.fromEntries(
    settingNames.filter((name) => changedIn(name) === null).map((name) => [name, settings[name]]),
  )
  return `${JSON.stringify({ podkeeperSettings: EXPORT_VERSION, settings: exported }, null, 2)}\n`
}

/** One setting that an import would change. */
export interface SettingChange {
  readonly name: SettingName
  readonly label: string
  readonly from: Settings[SettingName]
  readonly to: Settings[SettingName]
}

export interface SettingsImport {
  readonly changes: readonly SettingChange[]
  /** Settings that the file has with another value, and that no file may change. */
  readonly left: readonly SettingName[]
}

/**
 * The changes that importing `text` would make. A file with any invalid value is rejected as a whole. The
 * error is for display.
 */
export function parseImport(text: string, current: Settings): Result<SettingsImport, string> {
  const file = parseJson(text)
  if (!isObject(file) || !isObject(file['settings']) || typeof file['podkeeperSettings'] !== 'number')
    return fail('This isn’t an exported Podkeeper settings file.')
  if (file['podkeeperSettings'] > EXPORT_VERSION) return fail('A newer Podkeeper exported this file.')
  const isProtected = (name: string): name is SettingName => isSettingName(name) && changedIn(name) !== null
  const entries = Object.entries(file['settings'])
  const left = entries.flatMap(([name, value]) =>
    isProtected(name) && value !== current[name] ? [name] : [],
  )
  const changed = changeSettings(current, Object.fromEntries(entries.filter(([name]) => !isProtected(name))))
  if (!changed.ok) {
    const reasons = changed.error.map(({ name, reason }) => `${name}: ${reason}`)
    return fail(`Nothing was imported. ${reasons.join(' ')}`)
  }
  const next = changed.value
  const changes = settingNames
    .filter((name) => next[name] !== current[name])
    .map((name) => ({ name, label: settingList[name].label, from: current[name], to: next[name] }))
  return ok({ changes, left })
}
