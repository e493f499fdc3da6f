import { useSnapshotStore } from '../state/window-context'

/** Announces changes to screen readers; visually hidden. */
export function LiveRegion() {
  const text = useSnapshotStore((state) => state.announcement)
  return (
    <div className="unseen" role="status">
      {text}
    </div>
  )
}
