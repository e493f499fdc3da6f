import { idleReason } from '../../../../core/idle/idle-text'
import type { PodView } from '../../../../core/view/snapshot'
import { useSnapshotStore } from '../../../state/window-context'

/** Why the pod counts as idle, with its figures; never cut. See docs/product-rules.md#26-saying-why. */
export function IdleEvidence({ pod: { phase, activity } }: { readonly pod: PodView }) {
  const reason = useSnapshotStore(({ snapshot }) =>
    phase === 'running' && activity.kind === 'idle'
      ? idleReason(activity, { nowMs: snapshot?.atMs ?? activity.sinceMs })
      : null,
  )
  return reason === null ? null : <p className="why">{reason}</p>
}
