import type { ReactNode } from 'react'
import { formatMoment } from '../../core/base/format'
import type { Notice } from '../../core/view/snapshot'
import { useMirror, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Message } from '../ui/message'

/** What this window itself has to say: `children`, and its lines. Stays in sight however far the pods are scrolled. */
export function WindowMessages({ children }: { readonly children?: ReactNode }) {
  const { mirror } = useWindow()
  const lines = useMirror((state) => state.lines)
  return (
    <MessageList label="Messages of this window">
      {children}
      {lines.map((line) => (
        <Message key={line.id} tone={line.tone} onDismiss={() => mirror.dismissLine(line.id)}>
          {line.text}
        </Message>
      ))}
    </MessageList>
  )
}

/** What concerns the pods below: `children`, and the app's notices, newest first. */
export function PodMessages({ children }: { readonly children?: ReactNode }) {
  const notices = useMirror(({ snapshot }) => snapshot?.notices ?? NO_NOTICES)
  const areFailing = useMirror(({ snapshot }) => snapshot?.areNotificationsFailing ?? false)
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
  const { bridge, mirror } = useWindow()
  const { podId } = notice
  const nowMs = useMirror(({ snapshot }) => snapshot?.atMs ?? notice.atMs)
  return (
    <Message
      tone="info"
      onDismiss={() => void mirror.report('Not dismissed', bridge.dismissNotice(notice.id))}
      actions={podId !== null && <Button onPress={() => mirror.show(podId)}>Show pod</Button>}
    >
      {notice.text} <span className="when">{formatMoment(notice.atMs, { nowMs })}</span>
    </Message>
  )
}
