import { changeSettings, type SettingName, type Settings } from '../../core/settings/settings'
import type { Setting } from '../../core/settings/definitions/setting-types'
import { settingList } from '../../core/settings/definitions/setting-list'

/** Converts typed text to a value: empty text is null, and text that is not a number stays text. */
export function parseSettingText(name: SettingName, text: string): string | number | null {
  const setting: Setting = settingList[name]
  const trimmed = text.trim()
  if (setting.kind !== 'number') return trimmed === '' ? null : trimmed
  return /^[-+]?(\d+\.?\d*|\.\d+)$/.test(trimmed) ? Number(trimmed) : trimmed
}

export function settingValueText(value: Settings[SettingName]): string {
  return value === null ? '' : String(value)
}

/**
 * Why `text` is rejected for a setting, alone or combined with the others, as a sentence; null when valid.
 */
export function settingTextProblem(name: SettingName, text: string, settings: Settings): string | null {
  const changed = changeSettings(settings, { [name]: parseSettingText(name, text) })
  return changed.ok ? null : changed.error.map(({ reason }) => reason).join(' ')
}
