import { useMirror } from '../state/window-context'

/** Says to a screen reader what changed; nobody sees it. */
export function Announcement() {
  const text = useMirror((state) => state.announcement)
  return (
    <div className="unseen" role="status">
      {text}
    </div>
  )
}
