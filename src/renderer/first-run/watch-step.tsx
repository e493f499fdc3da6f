import '../ui/settings.css'
import '../guard/guard.css'
import { useState } from 'react'
import { AutoStopChoice, type ChosenAutoStopMode } from '../guard/auto-stop-choice'
import { PodCheckboxes } from '../guard/pod-checkboxes'
import { SettingRow } from '../settings/setting-row'
import { useSettings } from '../state/use-settings'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { useFocusedHeading } from './use-focused-heading'

interface WatchStepProps {
  readonly onDone: () => void
  readonly onSkip: () => void
}

/** Asks for alert time and auto-stop. Nothing is stopped until it was chosen here or in the settings. */
export function WatchStep({ onDone, onSkip }: WatchStepProps) {
  const { bridge } = useWindow()
  const accountId = useSnapshotStore(({ snapshot }) => snapshot?.account?.id ?? null)
  const view = useSettings()
  const [mode, setMode] = useState<ChosenAutoStopMode>('ticked')
  const [refusal, setRefusal] = useState<string | null>(null)
  const heading = useFocusedHeading()
  const choose = async (): Promise<void> => {
    if (accountId === null) return
    const answer = await bridge.setAutoStop(accountId, mode)
    if (answer.ok) onDone()
    else setRefusal(answer.error.message)
  }
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        What shall Podkeeper watch for?
      </h2>
      {view !== null && <SettingRow name="idleAlertAfterMin" view={view} />}
      <AutoStopChoice afterMin={view?.settings.autoStopAfterMin ?? null} chosen={mode} onChoose={setMode} />
      {mode !== 'off' && <PodCheckboxes mode={mode} />}
      <p className="hint">
        You are warned twice before a stop. Podkeeper watches and acts only while it runs and this computer is
        awake. All of this can be changed in the settings.
      </p>
      <p className="verdict refused" role="alert">
        {refusal}
      </p>
      <div className="actions ends">
        <Button onPress={onSkip}>Skip, stop nothing</Button>
        <Button kind="primary" onPress={() => void choose()}>
          Next
        </Button>
      </div>
    </>
  )
}
