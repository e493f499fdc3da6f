import type { SettingName, Settings } from '../../core/settings/settings'
import type { NumberSetting, TextSetting } from '../../core/settings/definitions/setting-types'
import { TypedField } from '../ui/typed-field'
import { parseSettingText, settingTextProblem, settingValueText } from './setting-value'

interface TextControlProps {
  readonly name: SettingName
  readonly setting: NumberSetting | TextSetting
  readonly settings: Settings
  readonly refusedBySystem: string | undefined
  /** Resolves to the reason for a rejection, or to null. */
  readonly onChange: (value: string | number | null) => Promise<string | null>
}

export function TextControl({ name, setting, settings, refusedBySystem, onChange }: TextControlProps) {
  return (
    <TypedField
      label={setting.label}
      help={setting.help}
      kind={setting.kind === 'text' && setting.isTime === true ? 'time' : setting.kind}
      unit={setting.kind === 'number' ? setting.unit : null}
      placeholder={setting.kind === 'text' ? setting.none : ''}
      value={settingValueText(settings[name])}
      validate={(draft) => settingTextProblem(name, draft, settings)}
      refusal={refusedBySystem}
      onCommit={async (draft) => {
        const value = parseSettingText(name, draft)
        return value === settings[name] ? null : onChange(value)
      }}
    />
  )
}
