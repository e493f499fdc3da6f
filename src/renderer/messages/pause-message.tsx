import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Message } from '../ui/message'
import { alertsPausedText } from './messages-text'

/** Until when alerts are paused, with a button to resume them. */
export function PauseMessage() {
  const { bridge, snapshotStore } = useWindow()
  const untilMs = useSnapshotStore(({ snapshot }) => snapshot?.alertsPausedUntilMs ?? null)
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  if (untilMs === null) return null
  return (
    <Message
      tone="mute"
      actions={
        <Button
          onPress={() =>
            void snapshotStore.runRequest(alertsPausedText.couldNotResume, bridge.resumeAlerts())
          }
        >
          {alertsPausedText.resume}
        </Button>
      }
    >
      {alertsPausedText.paused(untilMs, nowMs)}
    </Message>
  )
}
