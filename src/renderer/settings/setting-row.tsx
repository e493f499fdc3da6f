import { useState } from 'react'
import { Label, Radio, RadioGroup, Text } from 'react-aria-components'
import type { Setting } from '../../core/settings/definitions/setting-types'
import { settingList } from '../../core/settings/definitions/setting-list'
import type { SettingName } from '../../core/settings/settings'
import type { SettingsView } from '../../shared/settings-requests'
import { settingRowId } from '../state/setting-row-id'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Toggle } from '../ui/toggle'
import { ProtectedControl } from './protected-control'
import { TextControl } from './text-control'

interface SettingRowProps {
  readonly name: SettingName
  readonly view: SettingsView
}

/** One setting with its help, control, error, and a button that restores the default. */
export function SettingRow({ name, view }: SettingRowProps) {
  const { bridge } = useWindow()
  const [refusal, setRefusal] = useState<string | null>(null)
  const setting: Setting = settingList[name]
  const value = view.settings[name]
  const isDefault = value === setting.default
  const isInOwnWindow = setting.kind === 'text' && setting.changedIn === 'own-window'

  const change = async (changed: string | number | boolean | null): Promise<string | null> => {
    const answer = await bridge.changeSetting(name, changed)
    return answer.ok ? null : answer.error.message
  }
  const applyChange = async (changed: string | boolean): Promise<void> => setRefusal(await change(changed))
  const reset = async (): Promise<void> => {
    const answer = await bridge.resetSetting(name)
    setRefusal(answer.ok ? null : answer.error.message)
  }

  const reason = refusal ?? view.refusedBySystem[name]
  return (
    <div className="setting-row" id={settingRowId(name)}>
      {setting.kind === 'toggle' ? (
        <Toggle
          label={setting.label}
          help={setting.help}
          isOn={value === true}
          onChange={(isOn) => void applyChange(isOn)}
        />
      ) : setting.kind === 'choice' ? (
        <RadioGroup
          className="setting"
          orientation="horizontal"
          value={String(value)}
          onChange={(chosen) => void applyChange(chosen)}
        >
          <Label>{setting.label}</Label>
          <Text slot="description">{setting.help}</Text>
          <span className="segments">
            {Object.entries(setting.options).map(([option, label]) => (
              <Radio key={option} className="segment" value={option}>
                {label}
              </Radio>
            ))}
          </span>
        </RadioGroup>
      ) : setting.kind === 'text' && setting.changedIn !== undefined ? (
        <ProtectedControl setting={setting} value={value} />
      ) : (
        <TextControl
          // The key changes on reset, which discards a draft.
          key={`${String(value)} ${String(isDefault)}`}
          name={name}
          setting={setting}
          settings={view.settings}
          refusedBySystem={reason}
          onChange={change}
        />
      )}
      <span className="reset">
        {!isDefault && !isInOwnWindow && (
          <Button
            kind="bare"
            icon="refresh"
            label={`Reset “${setting.label}” to its default`}
            onPress={() => void reset()}
          />
        )}
      </span>
      {(setting.kind === 'toggle' || setting.kind === 'choice') && reason !== undefined && (
        <p className="refusal" role="alert">
          {reason}
        </p>
      )}
    </div>
  )
}
