import './guard.css'
import { useState } from 'react'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { AutoStopChoice, type ChosenAutoStopMode } from './auto-stop-choice'
import { PodCheckboxes } from './pod-checkboxes'

/** Auto-stop of the current account. Renders nothing without an account. */
export function AutoStopSection({ afterMin }: { readonly afterMin: number }) {
  const { bridge } = useWindow()
  const hasAccount = useSnapshotStore(({ snapshot }) => snapshot !== null && snapshot.account !== null)
  const mode = useSnapshotStore(({ snapshot }) => snapshot?.guard.autoStop ?? 'undecided')
  const [refusal, setRefusal] = useState<string | null>(null)
  if (!hasAccount) return null
  const choose = async (chosen: ChosenAutoStopMode): Promise<void> => {
    const answer = await bridge.setAutoStop(chosen)
    setRefusal(answer.ok ? null : answer.error.message)
  }
  return (
    <div className="auto-stop">
      <AutoStopChoice
        afterMin={afterMin}
        chosen={mode === 'undecided' ? null : mode}
        onChoose={(chosen) => void choose(chosen)}
      />
      {refusal !== null && (
        <p className="refusal" role="alert">
          {refusal}
        </p>
      )}
      {mode === 'undecided' && <p className="cap">You have not chosen yet, so no pod is stopped.</p>}
      {(mode === 'ticked' || mode === 'all') && <PodCheckboxes mode={mode} />}
    </div>
  )
}
