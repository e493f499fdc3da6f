import { useRef } from 'react'
import type { IntentView } from '../../../../core/intents/intent-view'
import type { PodView } from '../../../../core/view/snapshot'
import { useWindow } from '../../../state/window-context'
import { Button } from '../../../ui/button'
import { ClockText } from '../../../ui/labels/clock-text'
import { intentText, intentTone } from '../../../pod-model/text/intent-text'
import { canBeCopied } from '../../../pod-model/commands/pod-commands'
import { intentPanelText } from './panels-text'
import { RebuildButton } from './ways-out'

/**
 * An action that failed, or a start that waits for a GPU: what stays that way until someone decides. All other states
 * of an action are in the pill and in a toast, so that the card keeps its height.
 */
export function IntentPanel({ pod }: { readonly pod: PodView }) {
  const { intent } = pod
  if (intent === null || !isLasting(intent)) return null
  return (
    <div className={`intent ${intentTone(intent)}`}>
      <p>
        <b>
          <ClockText textAt={(nowMs) => intentText(intent, nowMs)} />
        </b>
      </p>
      {intent.phase === 'waiting' && <StopWaitingButton intent={intent} podName={pod.name} />}
      {intent.canWaitForGpu && pod.actions.includes('start') && (
        <>
          <WaitButton pod={pod} />
          {canBeCopied(pod) && <RebuildButton pod={pod} />}
        </>
      )}
    </div>
  )
}

const isLasting = ({ phase, waitsForGpu, message }: IntentView): boolean =>
  phase === 'failed' ||
  phase === 'did-not-happen' ||
  phase === 'waiting' ||
  (phase === 'sent' && waitsForGpu) ||
  // Nobody undid it, so that someone may not know why it ended.
  (phase === 'cancelled' && message !== null)

/** Offered after a start that failed because no GPU was free. */
function WaitButton({ pod: { key, name } }: { readonly pod: PodView }) {
  const { bridge, snapshotStore } = useWindow()
  const isInFlight = useRef(false)
  const wait = async () => {
    if (isInFlight.current) return
    isInFlight.current = true
    await snapshotStore.runRequest(intentPanelText.couldNotWait(name), bridge.startWhenFree(key))
    isInFlight.current = false
  }
  return (
    <Button label={intentPanelText.startWhenFreeOf(name)} onPress={() => void wait()}>
      {intentPanelText.startWhenFree}
    </Button>
  )
}

function StopWaitingButton({ intent, podName }: { readonly intent: IntentView; readonly podName: string }) {
  const { bridge, snapshotStore } = useWindow()
  const isInFlight = useRef(false)
  const stopWaiting = async () => {
    if (isInFlight.current) return
    isInFlight.current = true
    await snapshotStore.runRequest(intentPanelText.couldNotStopWaiting(podName), bridge.undo(intent.id))
    isInFlight.current = false
  }
  return (
    <Button label={intentPanelText.stopWaitingFor(podName)} onPress={() => void stopWaiting()}>
      {intentPanelText.stopWaiting}
    </Button>
  )
}
