import { Fragment, useId, useState } from 'react'
import { Switch } from 'react-aria-components'
import { settingList } from '../../core/settings/definitions/setting-list'
import { RANGES, type SettingRow as Row } from '../../core/settings/definitions/setting-rows'
import type { NumberSetting, Setting, TextSetting } from '../../core/settings/definitions/setting-types'
import {
  parseTyped,
  type SettingValue,
  shownNumber,
  understoodText,
} from '../../core/settings/definitions/typed-value'
import {
  changedSettings,
  changeSettings,
  type SettingName,
  type Settings,
} from '../../core/settings/settings'
import type { SettingsView } from '../../shared/requests/settings-requests'
import { settingRowId } from '../state/setting-row-id'
import { Button } from '../ui/button'
import { MarkedText } from './marked-text'
import { useChangeSetting } from '../state/hooks/use-change-setting'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { useWindow } from '../state/window-context'
import { Segments } from '../ui/controls/segments'
import { TypedInput } from '../ui/controls/typed-field'
import { settingsText } from './settings-text'

export interface SettingRowProps {
  readonly row: Row
  readonly view: SettingsView
  /** What was searched for, which is marked. */
  readonly query?: string
  /** Why a switch can't be pressed, in place of the help; null: it can. */
  readonly whyNot?: string | null
}

/** A setting, or several that belong together, with help, controls, errors and a button that restores the defaults. */
export function SettingRow({ row, view, query = '', whyNot = null }: SettingRowProps) {
  const { label, help, names } = row
  const changeSetting = useChangeSetting()
  const [problems, setProblems] = useState<Partial<Record<SettingName, string | null>>>({})
  const helpId = useId()
  const problemId = useId()
  const changed = changedSettings(view.settings, names)
  const isInOwnWindow = (name: SettingName): boolean => {
    const setting: Setting = settingList[name]
    return setting.kind === 'text' && setting.changedIn === 'own-window'
  }
  const showProblem = (name: SettingName, reason: string | null) =>
    setProblems((shown) => ({ ...shown, [name]: reason }))
  const reset = async (): Promise<void> => {
    for (const name of changed)
      showProblem(name, await changeSetting(name, settingList[name].default, view.settings[name]))
  }
  const reasons = names.flatMap((name) => problems[name] ?? view.refusedBySystem[name] ?? [])
  const missing = row.missing?.(view.settings) ?? null
  return (
    <div className="setting-row">
      <div className="setting">
        <span className="label-like" aria-hidden={names.length === 1}>
          <MarkedText text={label} query={query} />
        </span>
        <span id={helpId} slot="description">
          <MarkedText text={whyNot ?? help} query={query} />
        </span>
        <span className="controls">
          {names.map((name, index) => {
            const setting: Setting = settingList[name]
            return (
              <Fragment key={name}>
                {index > 0 && names.some((one) => RANGES.includes(one)) && (
                  <span className="cap" aria-hidden="true">
                    {settingsText.rangeTo}
                  </span>
                )}
                <span id={settingRowId(name)}>
                  {setting.kind === 'text' && setting.changedIn !== undefined ? (
                    <ProtectedControl
                      name={name}
                      setting={setting}
                      value={view.settings[name]}
                      onProblem={(reason) => showProblem(name, reason)}
                    />
                  ) : (
                    <SettingControl
                      setting={setting}
                      name={name}
                      settings={view.settings}
                      helpId={`${helpId} ${problemId}`}
                      isDisabled={whyNot !== null}
                      onChange={(value) => changeSetting(name, value, view.settings[name])}
                      onProblem={(reason) => showProblem(name, reason)}
                    />
                  )}
                </span>
              </Fragment>
            )
          })}
        </span>
      </div>
      <span className="reset">
        {changed.length > 0 && !changed.some(isInOwnWindow) && (
          <Button kind="bare" icon="undo" label={settingsText.reset(label)} onPress={() => void reset()} />
        )}
      </span>
      {missing !== null && (
        <p className="missing" role="status">
          {missing}
        </p>
      )}
      <p className="refusal" role="alert" id={problemId}>
        {reasons.join(' ')}
      </p>
    </div>
  )
}

interface ProtectedControlProps {
  readonly name: SettingName
  readonly setting: TextSetting
  readonly value: Settings[SettingName]
  readonly onProblem: (reason: string | null) => void
}

/** A setting that this window shows and cannot change: the app asks in its own window or in the system's dialog. */
function ProtectedControl({ name, setting, value, onProblem }: ProtectedControlProps) {
  const { bridge } = useWindow()
  const runOnce = useSingleFlight()
  const { label, none, changedIn } = setting
  const change = async (): Promise<void> => {
    const answer = await (name === 'editorCommand'
      ? bridge.changeEditorCommand()
      : changedIn === 'own-window'
        ? bridge.changeApiAddress()
        : bridge.chooseSshKeyFile())
    onProblem(answer.ok ? null : answer.error.message)
  }
  const word = changedIn === 'own-window' ? settingsText.change : settingsText.chooseFile
  return (
    <span className="typed" role="group" aria-label={label}>
      <bdi>{value === null ? none : String(value)}</bdi>
      <Button label={`${word} ${label}`} onPress={() => runOnce(change)}>
        {word}
      </Button>
    </span>
  )
}

interface SettingControlProps {
  readonly setting: Setting
  readonly name: SettingName
  readonly settings: Settings
  /** Element ids of its help and errors. */
  readonly helpId: string
  readonly isDisabled: boolean
  /** Resolves to the reason for a rejection, or to null. */
  readonly onChange: (value: SettingValue) => Promise<string | null>
  /** Shows what is wrong with it, or with what is being typed. */
  readonly onProblem: (reason: string | null) => void
}

/** The control of one setting, which saves at once. */
function SettingControl(props: SettingControlProps) {
  const { setting, name, settings, helpId, isDisabled, onChange, onProblem } = props
  const value = settings[name]
  const change = (chosen: SettingValue) => void onChange(chosen).then(onProblem)
  if (setting.kind === 'toggle')
    return (
      <Switch
        className="switch"
        isSelected={value === true && !isDisabled}
        isDisabled={isDisabled}
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
