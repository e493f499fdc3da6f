import { useRef } from 'react'
import { fateSentence } from '../../core/format'
import type { IntentView } from '../../core/intents'
import type { PodView } from '../../core/snapshot'
import { useTick, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Tick } from '../ui/tick'
import { canUndo, intentTone, intentWords } from './intent-words'

/** Where the pod's action stands; while it can be taken back, with what it does and Undo. */
export function IntentPanel({ pod }: { readonly pod: PodView }) {
  const { intent } = pod
  if (intent === null) return null
  const isStop = intent.action === 'stop'
  return (
    <div className={`intent ${intentTone(intent)}`}>
      <p>
        <b>
          <Tick text={(nowMs) => intentWords(intent, nowMs)} />
        </b>
        {isStop && intent.phase === 'scheduled' && ` ${stopEffects(pod)}`}
      </p>
      <UndoButton intent={intent} podName={pod.name} />
    </div>
  )
}

function stopEffects(pod: PodView): string {
  const gpu = pod.gpuCount > 0 ? ' The GPU may be taken.' : ''
  return `${fateSentence(pod.stopFate)}${gpu}`
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
  return (
    <Button label={`Undo: ${intent.action} ${podName}`} onPress={() => void undo()}>
      Undo
    </Button>
  )
}
