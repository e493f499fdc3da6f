import { formatMoment } from '../../core/base/format'
import type { Connection } from '../../core/polling/connection'
import { useMirror, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Message } from '../ui/message'

/** Why the picture below is not of now, from when it is, and what can be done. Only where there is a picture. */
export function ConnectionMessage({ onEnterKey }: { readonly onEnterKey: () => void }) {
  const { bridge, mirror } = useWindow()
  const connection = useMirror(({ snapshot }) => snapshot?.connection ?? null)
  const nowMs = useMirror(({ snapshot }) => snapshot?.atMs ?? 0)
  const pictureAtMs = useMirror(({ snapshot }) => snapshot?.pictureAtMs ?? null)
  const isArmed = useMirror(
    ({ snapshot }) => snapshot?.guard.autoStop === 'ticked' || snapshot?.guard.autoStop === 'all',
  )
  const isPartial = useMirror(({ snapshot }) => snapshot?.isPicturePartial ?? false)
  if (connection === null || pictureAtMs === null) return null
  if (connection.kind === 'live') {
    return isPartial ? (
      <Message tone="idle">
        Runpod's last list could only be read in part: pods may be missing here, and none is called gone. It
        is asked again by itself.
      </Message>
    ) : null
  }
  const isKeyAtFault = connection.kind === 'key-refused' || connection.kind === 'forbidden'
  const tryNow = () => void mirror.report('Not refreshed', bridge.refresh())
  const canTry = connection.kind === 'offline' || connection.kind === 'unreadable'
  return (
    <Message
      tone={canTry || isKeyAtFault ? 'bad' : 'idle'}
      actions={
        isKeyAtFault ? (
          <Button kind="primary" onPress={onEnterKey}>
            Enter a key
          </Button>
        ) : canTry ? (
          <Button onPress={tryNow}>Try now</Button>
        ) : undefined
      }
    >
      <b>What you see is from {formatMoment(pictureAtMs, { nowMs })}.</b>{' '}
      {connectionReason(connection, nowMs)}
      {isArmed && ' Automatic stops wait until Runpod answers.'}
    </Message>
  )
}

/** What is wrong with the connection, in sentences. `nowMs` (Unix ms) decides whether days are named. */
export function connectionReason(connection: Connection, nowMs: number, timeZone?: string): string {
  const style = timeZone === undefined ? { nowMs } : { nowMs, timeZone }
  switch (connection.kind) {
    case 'offline':
      return sentence(connection.failure)
    case 'unreadable':
      return `What came back is not Runpod's answer. ${sentence(connection.failure)}`
    case 'rate-limited':
      return `Runpod asks for a pause; the next look is at ${formatMoment(connection.untilMs, style)}.`
    case 'key-doubted':
      return `Runpod refused the key at ${formatMoment(connection.atMs, style)}. It is tried once more at ${formatMoment(connection.retryAtMs, style)} before it is called refused.`
    case 'key-refused':
      return `Runpod answered 401 at ${formatMoment(connection.firstAtMs, style)} and again at ${formatMoment(connection.againAtMs, style)}. Nothing is watched until you give another key.`
    case 'forbidden':
      return `This key is valid, but may not look at pods. ${sentence(connection.failure)}`
    case 'connecting':
      return 'Connecting to Runpod.'
    case 'live':
    case 'no-account':
      return ''
  }
}

function sentence(text: string): string {
  const begun = `${text.charAt(0).toUpperCase()}${text.slice(1)}`
  return /[.!?…]$/.test(begun) || begun === '' ? begun : `${begun}.`
}
