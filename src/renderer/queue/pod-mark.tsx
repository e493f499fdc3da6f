import './pod-mark.css'
import { parsePodKey, type PodKey } from '../../core/pods/pod'
import { podColor } from '../pod-model/pod-color'
import { useSnapshotStore } from '../state/window-context'

/** A pod with its color. `name`: what it was called, where it is gone. */
export function PodMark({ podKey, name }: { readonly podKey: PodKey; readonly name?: string }) {
  const pod = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey))
  const shown = pod?.name ?? name ?? parsePodKey(podKey).podId
  const color = pod === undefined || pod.phase === 'terminated' ? 'faded' : podColor(pod)
  return (
    <span className={`pod-mark ${color}`} title={shown}>
      <i aria-hidden="true" />
      <bdi>{shown}</bdi>
    </span>
  )
}
