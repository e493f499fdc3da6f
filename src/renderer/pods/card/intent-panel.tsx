import { useRef } from 'react'
import { fateSentence } from '../../../core/pods/data-impact-text'
import type { IntentView } from '../../../core/intents/intent'
import type { PodView } from '../../../core/view/snapshot'
import { useTick, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { Tick } from '../../ui/tick'
import { canUndo, intentTone, intentWords } from '../../pod-model/intent-text'

/** Where the pod's action stands; while it can be taken back, with what it does and Undo. */
export function IntentPanel({ pod }: { readonly pod: PodView }) {
  const { intent } = pod
  if (intent === null) return null
  const isUndoable = intent.phase === 'scheduled'
  return (
    <div className={`intent ${intentTone(intent)}`}>
      <p>
        <b>
          <Tick text={(nowMs) => intentWords(intent, nowMs)} />
        </b>
        {isUndoable && intent.action === 'stop' && ` ${stopEffects(pod)}`}
        {isUndoable && intent.action === 'restart' && ` ${restartEffects(pod)}`}
      </p>
      <UndoButton intent={intent} podName={pod.name} />
      {intent.canWaitForGpu && pod.actions.includes('start') && <WaitButton pod={pod} />}
    </div>
  )
}

function stopEffects(pod: PodView): string {
  const gpu = pod.gpuCount > 0 ? ' The GPU may be taken.' : ''
  return `${fateSentence(pod.stopFate)}${gpu}`
}

function restartEffects(pod: PodView): string {
  return `What it does now is broken off. ${fateSentence(pod.stopFate)}`
}

/** Offered after a start for which no GPU was free. */
function WaitButton({ pod: { id, name } }: { readonly pod: PodView }) {
  const { bridge, mirror } = useWindow()
  const isAsked = useRef(false)
  const wait = async () => {
    if (isAsked.current) return
    isAsked.current = true
    await mirror.report(`${name} does not wait for a GPU`, bridge.startWhenFree(id))
    isAsked.current = false
  }
  return (
    <Button label={`Start ${name} when a GPU is free`} onPress={() => void wait()}>
      Start when one is free
    </Button>
  )
}

function UndoButton({ intent, podName }: { readonly intent: IntentView; readonly podName: string }) {
  const { bridge, mirror } = useWindow()
  const isPossible = useTick((nowMs) => (canUndo(intent, nowMs) ? 'yes' : '')) !== ''
  const isAsked = useRef(false)
  if (!isPossible) return null
  const undo = async () => {
    if (isAsked.current) return
    isAsked.current = true
    await mirror.report(`The ${intent.action} of ${podName} was not undone`, bridge.undo(intent.id))
    isAsked.current = false
  }
  const label =
    intent.phase === 'waiting' ? `Stop waiting for a GPU for ${podName}` : `Undo: ${intent.action} ${podName}`
  return (
    <Button label={label} onPress={() => void undo()}>
      {intent.phase === 'waiting' ? 'Stop waiting' : 'Undo'}
    </Button>
  )
}
