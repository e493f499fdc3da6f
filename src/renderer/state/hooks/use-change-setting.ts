import { settingList } from '../../../core/settings/definitions/setting-list'
import type { Setting } from '../../../core/settings/definitions/setting-types'
import { type SettingValue, settingValueText } from '../../../core/settings/definitions/typed-value'
import type { SettingName } from '../../../core/settings/settings'
import { useWindow } from '../window-context'
import { settingSavedText } from '../state-text'

/**
 * Changes a setting, and shows what was saved with a button that takes it back. Resolves to the reason for a
 * rejection, or to null.
 */
export function useChangeSetting() {
  const { bridge, snapshotStore } = useWindow()
  const apply = async (name: SettingName, value: SettingValue): Promise<string | null> => {
    const isDefault = value === settingList[name].default
    const answer = await (isDefault ? bridge.resetSetting(name) : bridge.changeSetting(name, value))
    return answer.ok ? null : answer.error.message
  }
  return async (name: SettingName, value: SettingValue, before: SettingValue): Promise<string | null> => {
    const refusal = await apply(name, value)
    if (refusal !== null) return refusal
    const setting: Setting = settingList[name]
    const undo = () =>
      void apply(name, before).then((reason) => {
        if (reason === null) return
        snapshotStore.showToast('bad', settingSavedText.notChangedBack(setting.label, reason))
      })
    snapshotStore.showToast(
      'ok',
      settingSavedText.saved(setting.label, settingValueText(setting, value)),
      undo,
    )
    return null
  }
}
