import { podGuardDetail, podGuardText } from '../../core/pod-guard/guard-in-pod-view'
import type { PodGuardChange } from '../../core/pod-guard/pod-guard-change'
import type { PodView } from '../../core/view/snapshot'
import { useCanHaveGuard } from '../pod-model/use-can-have-guard'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { commonText } from '../ui/common-text'
import { ClockText } from '../ui/labels/clock-text'
import { guardInPodText } from './guard-in-pod-text'

/** The guard in the pod: what it found, and what it may do. See docs/product-rules.md#141-guard-in-the-pod. */
export function GuardInPodPanel({ pod }: { readonly pod: PodView }) {
  const canHaveGuard = useCanHaveGuard(pod)
  const wish = pod.guard.rules.podGuard
  if (wish === undefined && !canHaveGuard) return null
  const view = pod.guardInPod
  return (
    <section className="panel" aria-label={guardInPodText.title}>
      <header>
        <h2>{guardInPodText.title}</h2>
      </header>
      {wish === undefined ? (
        <p className="cap">{guardInPodText.why}</p>
      ) : view === undefined ? (
        <p className="cap">{guardInPodText.stopped}</p>
      ) : (
        <>
          <p>
            <ClockText textAt={(nowMs) => podGuardText(view, nowMs)} />
          </p>
          <p className="cap">
            <ClockText textAt={(nowMs) => podGuardDetail(view, nowMs)} />
          </p>
        </>
      )}
      <footer>
        {wish === undefined && (
          <>
            <Change pod={pod} change="stop" label={guardInPodText.install} />
            <Change pod={pod} change="report" label={guardInPodText.reportOnly} />
          </>
        )}
        {wish === 'report' && <Change pod={pod} change="stop" label={guardInPodText.mayStop} />}
        {wish === 'stop' && <Change pod={pod} change="report" label={guardInPodText.reportOnly} />}
        {wish === 'stop' && view?.state === 'armed' && !view.isProven && (
          <Change pod={pod} change="prove" label={guardInPodText.prove} />
        )}
        {wish !== undefined && view !== undefined && (
          <Change
            pod={pod}
            change="refresh"
            label={view.state === 'unarmed' ? commonText.tryAgain : guardInPodText.read}
          />
        )}
        {wish !== undefined && view?.postStart === 'no' && (
          <Change pod={pod} change="post-start" label={guardInPodText.postStart} />
        )}
        {wish !== undefined && view?.postStart === 'yes' && (
          <Change pod={pod} change="no-post-start" label={guardInPodText.noPostStart} />
        )}
        {wish !== undefined && view !== undefined && view.newPods !== wish && (
          <Change pod={pod} change={`new-pods-${wish}`} label={guardInPodText.newPods} />
        )}
        {view !== undefined && view.newPods !== null && (
          <Change pod={pod} change="no-new-pods" label={guardInPodText.noNewPods} />
        )}
        {view?.others.map(({ id, name }) => (
          <Change key={id} pod={pod} change={`forget:${id}`} label={guardInPodText.forget(name)} />
        ))}
        {wish !== undefined && <Change pod={pod} change="remove" label={guardInPodText.remove} />}
      </footer>
    </section>
  )
}

interface ChangeProps {
  readonly pod: PodView
  readonly change: PodGuardChange
  readonly label: string
}

function Change({ pod, change, label }: ChangeProps) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  return (
    <Button
      label={guardInPodText.of(label, pod.name)}
      onPress={() => runOnce(() => snapshotStore.runRequest(label, bridge.changePodGuard(pod.key, change)))}
    >
      {label}
    </Button>
  )
}
