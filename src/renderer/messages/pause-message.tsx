import { formatMoment } from '../../core/base/format'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Message } from '../ui/message'

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
          onPress={() => void snapshotStore.runRequest('Couldn’t resume alerts', bridge.resumeAlerts())}
        >
          Resume alerts
        </Button>
      }
    >
      Alerts are paused until {formatMoment(untilMs, { nowMs })}. Anything that still applies is reported
      then.
    </Message>
  )
}
