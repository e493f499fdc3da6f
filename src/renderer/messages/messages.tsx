import { accountName } from '../../core/view/account-name'
import { podKeyOf } from '../../core/pods/pod'
import type { ReactNode } from 'react'
import { formatMoment } from '../../core/base/format'
import type { Notice } from '../../core/view/snapshot'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Message } from '../ui/message'

/** This window's toasts. They stay visible while the pods scroll. */
export function WindowMessages() {
  const { snapshotStore } = useWindow()
  const lines = useSnapshotStore((state) => state.toasts)
  return (
    <MessageList label="Messages of this window">
      {lines.map((toast) => (
        <Message key={toast.id} tone={toast.tone} onDismiss={() => snapshotStore.dismissToast(toast.id)}>
          {toast.text}
        </Message>
      ))}
    </MessageList>
  )
}

/** Messages about the pods: `children` and the app's notices, newest first. */
export function PodMessages({ children }: { readonly children?: ReactNode }) {
  const notices = useSnapshotStore(({ snapshot }) => snapshot?.notices ?? NO_NOTICES)
  const areFailing = useSnapshotStore(({ snapshot }) => snapshot?.areNotificationsFailing ?? false)
  return (
    <MessageList label="Messages">
      {children}
      {areFailing && (
        <Message tone="info">
          The system shows no notifications of Podkeeper. Alerts are only in the tray and in the activity log.
        </Message>
      )}
      {[...notices].reverse().map((notice) => (
        <NoticeMessage key={notice.id} notice={notice} />
      ))}
    </MessageList>
  )
}

const NO_NOTICES: readonly Notice[] = []

function MessageList({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <ul className="messages" aria-label={label} aria-live="polite" aria-relevant="additions">
      {children}
    </ul>
  )
}

function NoticeMessage({ notice }: { readonly notice: Notice }) {
  const { bridge, snapshotStore } = useWindow()
  const { accountId, podId } = notice
  const podKey = accountId === null || podId === null ? null : podKeyOf(accountId, podId)
  const account = useSnapshotStore(({ snapshot }) => accountName(snapshot, accountId))
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? notice.atMs)
  return (
    <Message
      tone="info"
      onDismiss={() => void snapshotStore.runRequest('Not dismissed', bridge.dismissNotice(notice.id))}
      actions={podKey !== null && <Button onPress={() => snapshotStore.showPod(podKey)}>Show pod</Button>}
    >
      {account !== null && <b>{account}: </b>}
      {notice.text} <span className="when">{formatMoment(notice.atMs, { nowMs })}</span>
    </Message>
  )
}
