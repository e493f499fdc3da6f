import { useState } from 'react'
import type { TextSetting } from '../../core/settings/definitions/setting-types'
import type { Settings, SettingName } from '../../core/settings/settings'
import { useSingleFlight } from '../state/use-single-flight'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'

interface ProtectedControlProps {
  readonly setting: TextSetting
  readonly value: Settings[SettingName]
}

/** A setting that this window shows and cannot change: the app asks in its own window or in the system's dialog. */
export function ProtectedControl({ setting, value }: ProtectedControlProps) {
  const { bridge } = useWindow()
  const runOnce = useSingleFlight()
  const [refusal, setRefusal] = useState<string | null>(null)
  const { label, help, none, changedIn } = setting
  const change = async (): Promise<void> => {
    const answer = await (changedIn === 'own-window' ? bridge.changeApiAddress() : bridge.chooseSshKeyFile())
    setRefusal(answer.ok ? null : answer.error.message)
  }
  return (
    <div className="setting" role="group" aria-label={label}>
      <span>{label}</span>
      <span slot="description">{help}</span>
      <span className="typed">
        <bdi>{value === null ? none : String(value)}</bdi>
        <Button onPress={() => runOnce(change)}>
          {changedIn === 'own-window' ? 'Change…' : 'Choose a file…'}
        </Button>
      </span>
      {refusal !== null && (
        <p className="refusal" role="alert">
          {refusal}
        </p>
      )}
    </div>
  )
}
