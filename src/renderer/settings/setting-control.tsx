import { Radio, RadioGroup, Switch } from 'react-aria-components'
import type {
  ChoiceSetting,
  NumberSetting,
  Setting,
  TextSetting,
} from '../../core/settings/definitions/setting-types'
import {
  parseTyped,
  type SettingValue,
  shownNumber,
  understoodText,
} from '../../core/settings/definitions/typed-value'
import { changeSettings, type SettingName, type Settings } from '../../core/settings/settings'
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
    return <ChoiceControl setting={setting} value={String(value)} helpId={helpId} onChange={change} />
  return <TypedControl {...props} setting={setting} />
}

interface ChoiceControlProps {
  readonly setting: ChoiceSetting
  readonly value: string
  readonly helpId: string
  readonly onChange: (value: string) => void
}

function ChoiceControl({ setting, value, helpId, onChange }: ChoiceControlProps) {
  return (
    <RadioGroup
      className="segments"
      orientation="horizontal"
      value={value}
      onChange={onChange}
      aria-label={setting.label}
      aria-describedby={helpId}
    >
      {Object.entries(setting.options).map(([option, label]) => (
        <Radio key={option} className="segment" value={option}>
          {label}
        </Radio>
      ))}
    </RadioGroup>
  )
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
