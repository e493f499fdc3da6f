import { formatMoment } from '../../core/base/format'
import { useMirror, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Message } from '../ui/message'

/** Until when alerts are held back, and the way to have them again. */
export function PauseMessage() {
  const { bridge, mirror } = useWindow()
  const untilMs = useMirror(({ snapshot }) => snapshot?.alertsPausedUntilMs ?? null)
  const nowMs = useMirror(({ snapshot }) => snapshot?.atMs ?? 0)
  if (untilMs === null) return null
  return (
    <Message
      tone="mute"
      actions={
        <Button onPress={() => void mirror.report('Alerts stay paused', bridge.resumeAlerts())}>
          Resume alerts
        </Button>
      }
    >
      Alerts are paused until {formatMoment(untilMs, { nowMs })}. What still holds by then is said then.
    </Message>
  )
}
