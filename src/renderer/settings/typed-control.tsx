import type { SettingName, Settings } from '../../core/settings/settings'
import type { NumberSetting, TextSetting } from '../../core/settings/definitions/setting-types'
import { TypedField } from '../ui/typed-field'
import { problemOfText, textOfValue, valueOfText } from './typed-text'

interface TypedControlProps {
  readonly name: SettingName
  readonly setting: NumberSetting | TextSetting
  readonly settings: Settings
  readonly refusedBySystem: string | undefined
  /** Resolves to why it was refused, or to null. */
  readonly onChange: (value: string | number | null) => Promise<string | null>
}

/** A setting that is typed. */
export function TypedControl({ name, setting, settings, refusedBySystem, onChange }: TypedControlProps) {
  return (
    <TypedField
      label={setting.label}
      help={setting.help}
      kind={setting.kind === 'text' && setting.isTime === true ? 'time' : setting.kind}
      unit={setting.kind === 'number' ? setting.unit : null}
      placeholder={setting.kind === 'text' ? setting.none : ''}
      value={textOfValue(settings[name])}
      problemOf={(draft) => problemOfText(name, draft, settings)}
      refusal={refusedBySystem}
      onCommit={async (draft) => {
        const value = valueOfText(name, draft)
        return value === settings[name] ? null : onChange(value)
      }}
    />
  )
}
