import { podGuardText } from '../../../core/pod-guard/guard-in-pod-view'
import type { PodView } from '../../../core/view/snapshot'
import { ClockText } from '../../ui/labels/clock-text'
import { CardLine } from './card-line'

/** What the guard in the pod found: "Guard in the pod: idle 12 of 360 min". */
export function GuardInPodLine({ pod: { guardInPod } }: { readonly pod: PodView }) {
  if (guardInPod === undefined) return null
  return (
    <CardLine icon="shield">
      <ClockText textAt={(nowMs) => podGuardText(guardInPod, nowMs)} />
    </CardLine>
  )
}
