import { ClockText } from '../../ui/labels/clock-text'
import type { JobRunView } from '../../../core/queue/queue-view'
import { acceptedKeyText } from '../queue-page-text'
import './pod-mark.css'
import { parsePodKey, type PodKey } from '../../../core/pods/pod'
import { podColor } from '../../pod-model/pod-color'
import { useSnapshotStore } from '../../state/window-context'

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

/** The host key that the queue accepted for a run, so that a person can compare it. */
export function AcceptedKey({ run: { acceptedKey } }: { readonly run: JobRunView }) {
  if (acceptedKey === undefined) return null
  const { acceptedAtMs, fingerprint } = acceptedKey
  return (
    <p className="cap accepted-key">
      <ClockText textAt={(nowMs) => acceptedKeyText(acceptedAtMs, nowMs)} /> <code>{fingerprint}</code>
    </p>
  )
}
