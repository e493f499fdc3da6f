import { changeSettings, type SettingName, type Settings } from '../../core/settings/settings'
import type { Setting } from '../../core/settings/definitions/setting-types'
import { settingList } from '../../core/settings/definitions/setting-list'

/** What a person typed for a setting, as its value: an empty text is none, what is no number stays a text. */
export function valueOfText(name: SettingName, text: string): string | number | null {
  const setting: Setting = settingList[name]
  const trimmed = text.trim()
  if (setting.kind !== 'number') return trimmed === '' ? null : trimmed
  return /^[-+]?(\d+\.?\d*|\.\d+)$/.test(trimmed) ? Number(trimmed) : trimmed
}

export function textOfValue(value: Settings[SettingName]): string {
  return value === null ? '' : String(value)
}

/** Why `text` is refused for a setting, alone or beside the others, in a sentence; null when it is fine. */
export function problemOfText(name: SettingName, text: string, settings: Settings): string | null {
  const changed = changeSettings(settings, { [name]: valueOfText(name, text) })
  return changed.ok ? null : changed.error.map(({ reason }) => reason).join(' ')
}
