import type { TextSetting } from '../../core/settings/definitions/setting-types'
import type { Settings, SettingName } from '../../core/settings/settings'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { settingsText } from './settings-text'

interface ProtectedControlProps {
  readonly name: SettingName
  readonly setting: TextSetting
  readonly value: Settings[SettingName]
  readonly onProblem: (reason: string | null) => void
}

/** A setting that this window shows and cannot change: the app asks in its own window or in the system's dialog. */
export function ProtectedControl({ name, setting, value, onProblem }: ProtectedControlProps) {
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
