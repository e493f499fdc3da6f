import { accountName } from '../../core/view/account-name'
import { isAboutConnection, isOfProgram, type ObstacleView } from '../../core/obstacles/obstacle'
import { obstacleDetails } from '../../core/obstacles/obstacle-text'
import { podKeyOf } from '../../core/pods/pod'
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import { ToggleButton } from 'react-aria-components'
import { formatMoment } from '../../core/base/text/format'
import type { Notice } from '../../core/view/snapshot'
import type { Result } from '../../core/base/result'
import type { RequestError } from '../../shared/ipc'
import { UPDATE_NOTICE_ID, UPDATE_READY_NOTICE_ID, UPDATED_NOTICE_ID } from '../../core/updates/updates-text'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Message } from '../ui/message'
import { messagesText } from './messages-text'
import { WhatsNewButton } from './whats-new'

/** Messages about the pods: `children` and the app's notices, newest first. */
export function PodMessages({ children }: { readonly children?: ReactNode }) {
  const notices = useSnapshotStore(({ snapshot }) => snapshot?.notices ?? NO_NOTICES)
  const obstacles = useSnapshotStore(({ snapshot }) => snapshot?.obstacles ?? NO_OBSTACLES)
  return (
    <MessageList>
      {children}
      {obstacles
        .filter((one) => one.podId === null && !isAboutConnection(one) && one.code !== 'read-only-key')
        .map((obstacle) => (
          <ObstacleMessage
            key={`${obstacle.accountId} ${obstacle.code} ${obstacle.podId}`}
            obstacle={obstacle}
          />
        ))}
      {[...notices].reverse().map((notice) => (
        <NoticeMessage key={notice.id} notice={notice} />
      ))}
    </MessageList>
  )
}

const NO_NOTICES: readonly Notice[] = []
const NO_OBSTACLES: readonly ObstacleView[] = []

/** What keeps rules of all pods from being carried out. That of one pod is on its card. The popover has room for a line. */
function ObstacleMessage({ obstacle }: { readonly obstacle: ObstacleView }) {
  const { accountId, severity, title } = obstacle
  const [isOpen, setOpen] = useState(false)
  const account = useSnapshotStore(({ snapshot }) =>
    isOfProgram(obstacle) ? null : accountName(snapshot, accountId),
  )
  return (
    <Message
      tone={severity === 'critical' ? 'bad' : 'info'}
      actions={
        <ToggleButton className="button bare more" isSelected={isOpen} onChange={setOpen}>
          {isOpen ? messagesText.showLess : messagesText.details}
        </ToggleButton>
      }
    >
      {account !== null && <b>{account}: </b>}
      {title}
      <span className="obstacle-details">: {obstacleDetails(obstacle)}</span>
    </Message>
  )
}

/**
 * The first message, and a button that shows the others, so that one line at most pushes the pods down. Which of the
 * messages exist is known only once they are drawn.
 */
function MessageList({ children }: { readonly children: ReactNode }) {
  const list = useRef<HTMLUListElement>(null)
  const [count, setCount] = useState(0)
  const [isOpen, setOpen] = useState(false)
  useLayoutEffect(() => {
    const element = list.current
    if (element === null) return undefined
    const update = () => setCount(element.childElementCount)
    update()
    const observer = new MutationObserver(update)
    observer.observe(element, { childList: true })
    return () => observer.disconnect()
  }, [])
  const hasMore = count > 1
  return (
    <div className={`messages${hasMore && !isOpen ? ' folded' : ''}`}>
      <ul aria-label={messagesText.label} aria-live="polite" aria-relevant="additions" ref={list}>
        {children}
      </ul>
      {hasMore && (
        <ToggleButton className="button bare" isSelected={isOpen} onChange={setOpen}>
          {isOpen ? messagesText.showLess : messagesText.showMore(count - 1)}
        </ToggleButton>
      )}
    </div>
  )
}

/** Of a message about an update. */
function UpdateButton({ noticeId }: { readonly noticeId: string }) {
  const { bridge, snapshotStore } = useWindow()
  const run = (problem: string, request: Promise<Result<void, RequestError>>): void =>
    void snapshotStore.runRequest(problem, request)
  if (noticeId === UPDATE_NOTICE_ID)
    return (
      <Button onPress={() => run(messagesText.couldNotOpenRelease, bridge.openRelease())}>
        {messagesText.openRelease}
      </Button>
    )
  if (noticeId === UPDATED_NOTICE_ID) return <WhatsNewButton />
  return noticeId === UPDATE_READY_NOTICE_ID ? (
    <Button onPress={() => run(messagesText.couldNotRestart, bridge.restartForUpdate())}>
      {messagesText.restart}
    </Button>
  ) : null
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
      onDismiss={() =>
        void snapshotStore.runRequest(messagesText.couldNotDismiss, bridge.dismissNotice(notice.id))
      }
      actions={
        podKey !== null ? (
          <Button onPress={() => snapshotStore.showPod(podKey)}>{messagesText.showPod}</Button>
        ) : (
          <UpdateButton noticeId={notice.id} />
        )
      }
    >
      {account !== null && <b>{account}: </b>}
      {notice.text} <span className="when">{formatMoment(notice.atMs, { nowMs })}</span>
    </Message>
  )
}
