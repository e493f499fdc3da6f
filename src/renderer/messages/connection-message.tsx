import { formatMoment } from '../../core/base/format'
import type { ConnectionView } from '../../core/polling/connection'
import { slowPollsText } from './slow-polls-text'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Message } from '../ui/message'

/**
 * Why the pods shown are out of date, and what can be done. Shown only when there are pods to be out of date.
 */
export function ConnectionMessage({ onEnterKey }: { readonly onEnterKey: () => void }) {
  const { bridge, snapshotStore } = useWindow()
  const connection = useSnapshotStore(({ snapshot }) => snapshot?.connection ?? null)
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const listedAtMs = useSnapshotStore(({ snapshot }) => snapshot?.listedAtMs ?? null)
  const isArmed = useSnapshotStore(
    ({ snapshot }) => snapshot?.guard.autoStop === 'ticked' || snapshot?.guard.autoStop === 'all',
  )
  const isPartial = useSnapshotStore(({ snapshot }) => snapshot?.isListPartial ?? false)
  if (connection === null || listedAtMs === null) return null
  if (connection.kind === 'live') {
    return (
      <>
        {isPartial && (
          <Message tone="idle">
            Runpod's last list could only be read in part: pods may be missing here, and none is called gone.
            It is asked again by itself.
          </Message>
        )}
        {connection.slowedToMs !== undefined && (
          <Message tone="mute">{slowPollsText(connection.slowedToMs)}</Message>
        )}
      </>
    )
  }
  const isKeyAtFault = connection.kind === 'key-refused' || connection.kind === 'forbidden'
  const refreshNow = () => void snapshotStore.runRequest('Not refreshed', bridge.refresh())
  const canRetry = connection.kind === 'offline' || connection.kind === 'unreadable'
  return (
    <Message
      tone={canRetry || isKeyAtFault ? 'bad' : 'idle'}
      actions={
        isKeyAtFault ? (
          <Button kind="primary" onPress={onEnterKey}>
            Enter a key
          </Button>
        ) : canRetry ? (
          <Button onPress={refreshNow}>Try now</Button>
        ) : undefined
      }
    >
      <b>What you see is from {formatMoment(listedAtMs, { nowMs })}.</b> {connectionReason(connection, nowMs)}
      {isArmed && ' Automatic stops wait until Runpod answers.'}
    </Message>
  )
}

/**
 * What is wrong with the connection, in sentences. The date is included when it differs from that of `nowMs`.
 */
export function connectionReason(connection: ConnectionView, nowMs: number, timeZone?: string): string {
  const style = timeZone === undefined ? { nowMs } : { nowMs, timeZone }
  switch (connection.kind) {
    case 'offline':
      return toSentence(connection.failure)
    case 'unreadable':
      return `What came back is not Runpod's answer. ${toSentence(connection.failure)}`
    case 'rate-limited':
      return `Runpod asks for a pause; the next look is at ${formatMoment(connection.untilMs, style)}.`
    case 'key-doubted':
      return `Runpod refused the key at ${formatMoment(connection.atMs, style)}. It is tried once more at ${formatMoment(connection.retryAtMs, style)} before it is called refused.`
    case 'key-refused':
      return `Runpod answered 401 at ${formatMoment(connection.firstAtMs, style)} and again at ${formatMoment(connection.againAtMs, style)}. Nothing is watched until you give another key.`
    case 'forbidden':
      return `This key is valid, but may not look at pods. ${toSentence(connection.failure)}`
    case 'connecting':
      return 'Connecting to Runpod.'
    case 'live':
    case 'no-account':
      return ''
  }
}

function toSentence(text: string): string {
  const capitalized = `${text.charAt(0).toUpperCase()}${text.slice(1)}`
  return /[.!?…]$/.test(capitalized) || capitalized === '' ? capitalized : `${capitalized}.`
}
