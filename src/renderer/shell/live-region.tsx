import { useSnapshotStore } from '../state/window-context'

/** Says to a screen reader what changed; nobody sees it. */
export function LiveRegion() {
  const text = useSnapshotStore((state) => state.announcement)
  return (
    <div className="unseen" role="status">
      {text}
    </div>
  )
}
