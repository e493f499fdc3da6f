import type { ReactNode } from 'react'
import { formatMoment } from '../../core/format'
import type { Notice } from '../../core/snapshot'
import { useMirror, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Message } from '../ui/message'

/** What is to be said above the pods: `children`, what this window has to say, and the app's notices. */
export function Messages({ children }: { readonly children?: ReactNode }) {
  const { mirror } = useWindow()
  const lines = useMirror((state) => state.lines)
  const notices = useMirror(({ snapshot }) => snapshot?.notices ?? NO_NOTICES)
  return (
    <ul className="messages" aria-label="Messages" aria-live="polite" aria-relevant="additions">
      {children}
      {lines.map((line) => (
        <Message key={line.id} tone={line.tone} onDismiss={() => mirror.dismissLine(line.id)}>
          {line.text}
        </Message>
      ))}
      {[...notices].reverse().map((notice) => (
        <NoticeMessage key={notice.id} notice={notice} />
      ))}
    </ul>
  )
}

const NO_NOTICES: readonly Notice[] = []

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
