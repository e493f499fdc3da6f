import './toasts.css'
import { type FocusEvent, useLayoutEffect, useRef, useState } from 'react'
import type { PodKey } from '../../core/pods/pod'
import type { PodView } from '../../core/view/snapshot'
import { bulkFailureText } from '../state/state-text'
import { runInBulk } from '../state/run-in-bulk'
import { useShortcuts } from '../state/shortcuts'
import { useQueue } from '../state/hooks/use-queue'
import { useClockText, useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Icon } from '../ui/icon'
import { KeyHint } from '../ui/labels/key-hint'
import { lazyPart } from '../ui/lazy-part'
import { Message } from '../ui/message'
import { CountdownToasts, useSkipStart } from './countdown-toasts'
import { toastBody, toastsText, toastTitle, undoLabel, undoShare } from './toast-text'
import { type ActionToast, actionToasts, type EndTimes, endTimesOf, lastUndoable } from './undo-toasts'

/** Loaded with the first create, before there is an outcome to tell. */
const createToasts = lazyPart(
  () => import('./create-toasts').then(({ CreateToasts }) => CreateToasts),
  toastsText.couldNotLoadCreates,
  null,
)

/**
 * What happened or is about to, above everything at the bottom right: messages of this window, and stops and restarts
 * with their undo, whoever asked for them. Screen readers hear of actions through the live region.
 */
export function Toasts() {
  const { snapshotStore, ticker } = useWindow()
  const messages = useSnapshotStore((state) => state.toasts)
  const podsByKey = useSnapshotStore((state) => state.podsByKey)
  const hasCreates = useSnapshotStore(({ wholeSnapshot }) => wholeSnapshot?.creates !== undefined)
  const pods = [...podsByKey.values()].filter(({ intent }) => intent !== null)
  const endTimes = useEndTimes(pods, podsByKey)
  // Which toasts there are changes with the time, but not every second.
  const ids = useClockText((nowMs) =>
    actionToasts(pods, nowMs, endTimes)
      .map(({ id }) => id)
      .join(' '),
  )
  const shown = ids === '' ? [] : actionToasts(pods, ticker.now(), endTimes)
  const undo = useUndo()
  const queue = useQueue()
  const focusHandlers = useFocusAfterUndo(
    [
      ...messages.map(({ id }) => id),
      ...(queue?.countdowns ?? []).map(({ podKey, jobId }) => `${podKey} ${jobId}`),
      ...shown.map(({ id, kind }) => `${id} ${kind}`),
    ].join(),
  )
  const skip = useSkipStart()
  useShortcuts({
    undo: () => {
      const last = lastUndoable(actionToasts(pods, ticker.now()))
      const [countdown] = queue?.countdowns ?? []
      if (last !== undefined) undo(last)
      else if (countdown !== undefined) skip(countdown)
    },
  })
  return (
    <aside className="toasts" aria-label={toastsText.label} {...focusHandlers}>
      <ul aria-label={toastsText.messages} aria-live="polite" aria-relevant="additions">
        {messages.map(({ id, tone, text, undo: takeBack }) => {
          const dismiss = () => snapshotStore.dismissToast(id)
          const undoButton = takeBack !== null && (
            <Button
              label={toastsText.undoOf(text)}
              onPress={() => {
                dismiss()
                takeBack()
              }}
            >
              {toastsText.undo}
            </Button>
          )
          return (
            <Message key={id} tone={tone} actions={undoButton} onDismiss={dismiss}>
              {text}
            </Message>
          )
        })}
      </ul>
      {hasCreates && <createToasts.Component />}
      {queue !== null && queue.countdowns.length > 0 && (
        <CountdownToasts queue={queue} hasKey={lastUndoable(shown) === undefined} onSkip={skip} />
      )}
      <ul aria-label={toastsText.actions}>
        {shown.map((toast) => (
          <ActionToastItem
            key={toast.id}
            toast={toast}
            isLast={toast.id === lastUndoable(shown)?.id}
            onUndo={() => undo(toast)}
          />
        ))}
      </ul>
    </aside>
  )
}

interface ActionToastItemProps {
  readonly toast: ActionToast
  /** It is the one that the shortcut undoes. */
  readonly isLast: boolean
  readonly onUndo: () => void
}

function ActionToastItem({ toast, isLast, onUndo }: ActionToastItemProps) {
  const title = useClockText((nowMs) => toastTitle(toast, nowMs))
  const body = useClockText((nowMs) => toastBody(toast, nowMs))
  const share = useClockText((nowMs) => String(undoShare(toast, nowMs)))
  const isStop = toast.acting[0].intent.action === 'stop'
  return (
    <li className="toast" data-pod={toast.acting[0].pod.key}>
      <Icon name={toast.kind === 'done' ? 'check' : isStop ? 'stop' : 'refresh'} size={16} />
      <div className="words">
        <p>
          <b>{title}</b>
        </p>
        {body !== '' && <p className="toast-body">{body}</p>}
      </div>
      {toast.kind === 'undoable' && (
        <>
          <Button label={undoLabel(toast)} onPress={onUndo}>
            {toastsText.undo}
            {isLast && <KeyHint name="Z" />}
          </Button>
          <span className="countdown" style={{ width: `${Number(share) * 100}%` }} aria-hidden="true" />
        </>
      )}
    </li>
  )
}

/** See `endTimesOf`. */
function useEndTimes(pods: readonly PodView[], podsByKey: ReadonlyMap<string, PodView>): EndTimes {
  const { ticker } = useWindow()
  const [known, setKnown] = useState<{ readonly of: typeof podsByKey | null; readonly endTimes: EndTimes }>({
    of: null,
    endTimes: new Map(),
  })
  if (known.of === podsByKey) return known.endTimes
  const endTimes = endTimesOf(pods, known.endTimes, ticker.now())
  setKnown({ of: podsByKey, endTimes })
  return endTimes
}

/** Undoes all actions of a toast at once; once, however often it is asked. */
function useUndo(): (toast: ActionToast) => void {
  const services = useWindow()
  const asked = useRef(new Set<string>())
  return ({ acting }) => {
    const all = acting
      .filter(({ intent }) => !asked.current.has(intent.id))
      .map(({ intent, pod }) => ({
        key: intent.id,
        name: bulkFailureText.actionOf(intent.action, pod.name),
      }))
    for (const { key } of all) asked.current.add(key)
    void runInBulk(services, all, bulkFailureText.notUndone, (intentIds) =>
      services.bridge.undoAll(intentIds),
    ).then(() => all.forEach(({ key }) => asked.current.delete(key)))
  }
}

/**
 * Moves the focus to the pod, or to the page, when the button that has it is gone, as when its time is over. `toasts`
 * changes whenever a button may be gone. Returns the event handlers for the list, whose items about pods have `data-pod`.
 */
function useFocusAfterUndo(toasts: string) {
  /** Empty: the toast with the focus is about no pod. Null: none has it. */
  const focusedPod = useRef<PodKey | '' | null>(null)
  useLayoutEffect(() => {
    if (focusedPod.current === null || document.activeElement !== document.body) return
    const pod = document.getElementById(`pod-${focusedPod.current}`)
    focusedPod.current = null
    ;(pod ?? document.querySelector<HTMLElement>('main'))?.focus({ preventScroll: true })
  }, [toasts])
  return {
    onFocus: ({ target }: FocusEvent<HTMLElement>) => {
      const { pod = '' } = target.closest<HTMLElement>('[data-pod]')?.dataset ?? {}
      focusedPod.current = pod as PodKey | ''
    },
    onBlur: ({ target, relatedTarget }: FocusEvent<HTMLElement>) => {
      // A removed button loses the focus too, but only a person moves it while the button is connected.
      if (relatedTarget !== null || target.isConnected) focusedPod.current = null
    },
  }
}
