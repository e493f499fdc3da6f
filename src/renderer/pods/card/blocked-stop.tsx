import type { AutoStopView } from '../../../core/guard/guard-view'
import type { PodView } from '../../../core/view/snapshot'
import { insideLookText } from '../../pod-model/inside-look-text'
import { useSingleFlight } from '../../state/use-single-flight'
import { useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { ClockText } from '../../ui/clock-text'

interface BlockedStopProps {
  readonly pod: PodView
  readonly blocked: Extract<AutoStopView, { kind: 'blocked' }>
}

/** Why a pod is not stopped. If its rest cannot be told from outside, a look from inside is offered. */
export function BlockedStop({ pod, blocked }: BlockedStopProps) {
  if (!blocked.conditions.includes('cannot-tell')) return <p className="guard idle">{blocked.text}</p>
  return (
    <div className="guard doubt">
      <p>
        {blocked.text} <ClockText textAt={(nowMs) => insideLookText(pod.insideLook, nowMs)} />
      </p>
      {pod.sshRoute !== null && <LookButton pod={pod} />}
    </div>
  )
}

/** While a look runs, another press changes nothing, and the button keeps the focus. */
function LookButton({ pod: { key, name } }: { readonly pod: PodView }) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  return (
    <Button
      label={`Look inside ${name}`}
      onPress={() => runOnce(() => snapshotStore.runRequest('Look from inside', bridge.lookInside(key)))}
    >
      Look from inside
    </Button>
  )
}
