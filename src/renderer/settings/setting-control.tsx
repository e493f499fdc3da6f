import { Switch } from 'react-aria-components'
import type { NumberSetting, Setting, TextSetting } from '../../core/settings/definitions/setting-types'
import {
  parseTyped,
  type SettingValue,
  shownNumber,
  understoodText,
} from '../../core/settings/definitions/typed-value'
import { changeSettings, type SettingName, type Settings } from '../../core/settings/settings'
import { Segments } from '../ui/controls/segments'
import { TypedInput } from '../ui/controls/typed-field'

interface SettingControlProps {
  readonly setting: Setting
  readonly name: SettingName
  readonly settings: Settings
  /** Element ids of its help and errors. */
  readonly helpId: string
  /** Resolves to the reason for a rejection, or to null. */
  readonly onChange: (value: SettingValue) => Promise<string | null>
  /** Shows what is wrong with it, or with what is being typed. */
  readonly onProblem: (reason: string | null) => void
}

/** The control of one setting, which saves at once. */
export function SettingControl(props: SettingControlProps) {
  const { setting, name, settings, helpId, onChange, onProblem } = props
  const value = settings[name]
  const change = (chosen: SettingValue) => void onChange(chosen).then(onProblem)
  if (setting.kind === 'toggle')
    return (
      <Switch
        className="switch"
        isSelected={value === true}
        onChange={change}
        aria-label={setting.label}
        aria-describedby={helpId}
      >
        <span className="knob" />
      </Switch>
    )
  if (setting.kind === 'choice')
    return (
      <Segments
        label={setting.label}
        describedBy={helpId}
        options={Object.entries(setting.options).map(([id, label]) => ({ id, label }))}
        chosen={String(value)}
        onChoose={change}
      />
    )
  return <TypedControl {...props} setting={setting} />
}

interface TypedControlProps extends SettingControlProps {
  readonly setting: NumberSetting | TextSetting
}

function TypedControl({ setting, name, settings, helpId, onChange, onProblem }: TypedControlProps) {
  const value = settings[name]
  const shown =
    setting.kind === 'number'
      ? shownNumber(Number(value), setting.unit)
      : { text: value === null ? '' : String(value), unit: setting.format === 'usd' ? 'USD' : null }
  const parse = (draft: string): SettingValue => parseTyped(setting, draft, shown.unit ?? undefined)
  return (
    <TypedInput
      // The key changes with the value, which discards a draft.
      key={String(value)}
      kind={setting.kind === 'text' && setting.format === 'time-of-day' ? 'time' : setting.kind}
      isAmount={setting.kind === 'text' && setting.format === 'usd'}
      label={setting.label}
      describedBy={helpId}
      unit={shown.unit}
      placeholder={setting.kind === 'text' ? setting.none : ''}
      value={shown.text}
      understood={(draft) => understoodText(setting, draft, shown.unit ?? undefined)}
      validate={(draft) => {
        const changed = changeSettings(settings, { [name]: parse(draft) })
        return changed.ok ? null : changed.error.map(({ reason }) => reason).join(' ')
      }}
      onProblem={onProblem}
      onCommit={async (draft) => {
        const typed = parse(draft)
        return typed === value ? null : onChange(typed)
      }}
    />
  )
}
