import type { PodView } from '../../../core/view/snapshot'
import { useMirror } from '../../state/window-context'
import { idleWords } from '../../pod-model/pod-text'

/** Fills towards the alert and then the automatic stop, and says why the pod counts as idle. */
export function IdleBar({ pod, isStale }: { readonly pod: PodView; readonly isStale: boolean }) {
  const nowMs = useMirror(({ snapshot }) => snapshot?.atMs ?? 0)
  const mode = useMirror(({ snapshot }) => snapshot?.guard ?? null)
  const words = mode && idleWords(pod, mode, nowMs, isStale)
  if (words === null) return null
  return (
    <div className="idlebar">
      <div className="track" aria-hidden="true">
        <div className="fill" style={{ width: `${words.filled * 100}%` }} />
      </div>
      <p>
        {words.reason}
        {words.spent !== null && (
          <>
            {' · '}
            <b>{words.spent}</b> for nothing
          </>
        )}
        {words.next !== null && ` · ${words.next}`}
      </p>
    </div>
  )
}
