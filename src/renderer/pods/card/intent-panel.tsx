import { useRef } from 'react'
import { impactSentence } from '../../../core/pods/data-impact-text'
import type { IntentView } from '../../../core/intents/intent-view'
import type { PodView } from '../../../core/view/snapshot'
import { useClockText, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { ClockText } from '../../ui/clock-text'
import { canUndo, intentText, intentTone } from '../../pod-model/intent-text'

/** The state of the pod's action, with Undo while it can be undone. */
export function IntentPanel({ pod }: { readonly pod: PodView }) {
  const { intent } = pod
  if (intent === null) return null
  const isUndoable = intent.phase === 'scheduled'
  return (
    <div className={`intent ${intentTone(intent)}`}>
      <p>
        <b>
          <ClockText textAt={(nowMs) => intentText(intent, nowMs)} />
        </b>
        {isUndoable && intent.action === 'stop' && ` ${stopImpactText(pod)}`}
        {isUndoable && intent.action === 'restart' && ` ${restartImpactText(pod)}`}
      </p>
      <UndoButton intent={intent} podName={pod.name} />
      {intent.canWaitForGpu && pod.actions.includes('start') && <WaitButton pod={pod} />}
    </div>
  )
}

function stopImpactText(pod: PodView): string {
  const gpu = pod.gpuCount > 0 ? ' The GPU may be taken.' : ''
  return `${impactSentence(pod.stopImpact)}${gpu}`
}

function restartImpactText(pod: PodView): string {
  return `What it does now is broken off. ${impactSentence(pod.stopImpact)}`
}

/** Offered after a start that failed because no GPU was free. */
function WaitButton({ pod: { key, name } }: { readonly pod: PodView }) {
  const { bridge, snapshotStore } = useWindow()
  const isInFlight = useRef(false)
  const wait = async () => {
    if (isInFlight.current) return
    isInFlight.current = true
    await snapshotStore.runRequest(`${name} does not wait for a GPU`, bridge.startWhenFree(key))
    isInFlight.current = false
  }
  return (
    <Button label={`Start ${name} when a GPU is free`} onPress={() => void wait()}>
      Start when one is free
    </Button>
  )
}

function UndoButton({ intent, podName }: { readonly intent: IntentView; readonly podName: string }) {
  const { bridge, snapshotStore } = useWindow()
  const isPossible = useClockText((nowMs) => (canUndo(intent, nowMs) ? 'yes' : '')) !== ''
  const isInFlight = useRef(false)
  if (!isPossible) return null
  const undo = async () => {
    if (isInFlight.current) return
    isInFlight.current = true
    await snapshotStore.runRequest(
      `The ${intent.action} of ${podName} was not undone`,
      bridge.undo(intent.id),
    )
    isInFlight.current = false
  }
  const label =
    intent.phase === 'waiting' ? `Stop waiting for a GPU for ${podName}` : `Undo: ${intent.action} ${podName}`
  return (
    <Button label={label} onPress={() => void undo()}>
      {intent.phase === 'waiting' ? 'Stop waiting' : 'Undo'}
    </Button>
  )
}
