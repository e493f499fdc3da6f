import type { PodView } from '../../../core/view/snapshot'
import { partOf } from '../../state/account-parts'
import { useSnapshotStore } from '../../state/window-context'
import { idleBarText } from '../../pod-model/pod-text'

/** Progress toward the alert and then the automatic stop, with the reason why the pod counts as idle. */
export function IdleBar({ pod, isStale }: { readonly pod: PodView; readonly isStale: boolean }) {
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const mode = useSnapshotStore(({ snapshot }) =>
    snapshot === null ? null : (partOf(snapshot, pod.accountId) ?? snapshot).guard,
  )
  const idleText = mode && idleBarText(pod, mode, nowMs, isStale)
  if (idleText === null) return null
  return (
    <div className="idlebar">
      {idleText.progress !== null && (
        <div className="track" aria-hidden="true">
          <div className="fill" style={{ width: `${idleText.progress * 100}%` }} />
        </div>
      )}
      <p>
        {idleText.reason}
        {idleText.spent !== null && (
          <>
            {' · '}
            {idleText.isWasted ? (
              <>
                <b>{idleText.spent}</b> for nothing
              </>
            ) : (
              `${idleText.spent} while idle`
            )}
          </>
        )}
        {idleText.nextText !== null && ` · ${idleText.nextText}`}
      </p>
    </div>
  )
}
