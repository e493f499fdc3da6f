import { Fragment, useId, useState } from 'react'
import { settingList } from '../../core/settings/definitions/setting-list'
import { RANGES, type SettingRow as Row } from '../../core/settings/definitions/setting-rows'
import type { Setting } from '../../core/settings/definitions/setting-types'
import type { SettingName } from '../../core/settings/settings'
import type { SettingsView } from '../../shared/requests/settings-requests'
import { settingRowId } from '../state/setting-row-id'
import { Button } from '../ui/button'
import { MarkedText } from './marked-text'
import { ProtectedControl } from './protected-control'
import { SettingControl } from './setting-control'
import { useChangeSetting } from '../state/hooks/use-change-setting'
import { settingsText } from './settings-text'

interface SettingRowProps {
  readonly row: Row
  readonly view: SettingsView
  /** What was searched for, which is marked. */
  readonly query?: string
}

/** A setting, or several that belong together, with help, controls, errors and a button that restores the defaults. */
export function SettingRow({ row, view, query = '' }: SettingRowProps) {
  const { label, help, names } = row
  const changeSetting = useChangeSetting()
  const [problems, setProblems] = useState<Partial<Record<SettingName, string | null>>>({})
  const helpId = useId()
  const problemId = useId()
  const changed = names.filter((name) => view.settings[name] !== settingList[name].default)
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
          <MarkedText text={help} query={query} />
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
