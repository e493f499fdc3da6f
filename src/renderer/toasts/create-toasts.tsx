import { useEffect, useState } from 'react'
import { parseJson } from '../../core/base/parse-json'
import type { CreateView } from '../../core/creation/create-view'
import { podKeyOf } from '../../core/pods/pod'
import type { PodView } from '../../core/view/snapshot'
import { type CreateOutcomeMessage, createOutcome } from '../pod-model/text/create-text'
import { newPodTarget } from '../pod-model/commands/new-pod-target'
import { useClockText, useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Icon } from '../ui/icon'
import { commonText } from '../ui/common-text'
import { createToastsText } from './create-toasts-text'

const STORAGE_KEY = 'podkeeper.seen-creates'
const MAX_SEEN = 100

/** How creates ended, until someone saw it, and the offer to terminate a pod that was rebuilt. */
export function CreateToasts() {
  const { ticker } = useWindow()
  const creates = useSnapshotStore(({ wholeSnapshot }) => wholeSnapshot?.creates)
  const podsByKey = useSnapshotStore((state) => state.podsByKey)
  const { seen, markSeen } = useSeen()
  // Which toasts there are changes with the time, but not every second.
  const keys = useClockText((nowMs) => toastsOf(creates, podsByKey, nowMs).map(keyOf).join(' '))
  const shown =
    keys === ''
      ? []
      : toastsOf(creates, podsByKey, ticker.now()).filter((toast) => !seen.includes(keyOf(toast)))
  return (
    <ul aria-label={createToastsText.label} aria-live="polite" aria-relevant="additions">
      {shown.map((toast) => (
        <Toast
          key={keyOf(toast)}
          toast={toast}
          podsByKey={podsByKey}
          onDismiss={() => markSeen(keyOf(toast))}
        />
      ))}
    </ul>
  )
}

/** What was seen in this window, or in another one, which has the same toasts. */
function useSeen(): { readonly seen: readonly string[]; readonly markSeen: (key: string) => void } {
  const [seen, setSeen] = useState(() => loadSeen(localStorage))
  useEffect(() => {
    const reload = ({ key }: StorageEvent): void => {
      if (key === STORAGE_KEY) setSeen(loadSeen(localStorage))
    }
    window.addEventListener('storage', reload)
    return () => window.removeEventListener('storage', reload)
  }, [])
  return {
    seen,
    markSeen(key) {
      const next = [...seen, key].slice(-MAX_SEEN)
      setSeen(next)
      saveSeen(localStorage, next)
    },
  }
}

interface ToastProps {
  readonly toast: CreateOutcomeMessage
  readonly podsByKey: ReadonlyMap<string, PodView>
  readonly onDismiss: () => void
}

function Toast({ toast, podsByKey, onDismiss }: ToastProps) {
  const { bridge, snapshotStore, navigate } = useWindow()
  const { create, kind, title, body } = toast
  const replaced = kind === 'replaced' ? replacedPod(create, podsByKey) : undefined
  const open = (isWaiting: boolean): void => {
    onDismiss()
    navigate(
      'new-pod',
      newPodTarget({ kind: 'create', accountId: create.accountId, createId: create.id, isWaiting }),
    )
  }
  return (
    <li className="toast" data-tone={kind === 'not-created' ? 'bad' : 'ok'}>
      <Icon name={kind === 'not-created' ? 'warning' : 'check'} size={16} />
      <div className="words">
        <p>
          <b>{title}</b>
        </p>
        {body !== '' && <p className="toast-body">{body}</p>}
      </div>
      {kind === 'not-created' && (
        <Button onPress={() => open(create.canWaitForCapacity)}>
          {create.canWaitForCapacity ? createToastsText.waitForGpu : createToastsText.changeAndRetry}
        </Button>
      )}
      {replaced !== undefined && (
        <Button
          label={createToastsText.terminateOf(replaced.name)}
          onPress={() =>
            void snapshotStore.runRequest(
              createToastsText.notTerminated(replaced.name),
              bridge.confirmTerminate(replaced.key),
            )
          }
        >
          {createToastsText.terminate}
        </Button>
      )}
      {(kind === 'not-created' || kind === 'replaced') && (
        <Button kind="bare" icon="close" label={commonText.dismiss} onPress={onDismiss} />
      )}
    </li>
  )
}

/** `nowMs`: Unix ms. */
export function toastsOf(
  creates: readonly CreateView[] | undefined,
  podsByKey: ReadonlyMap<string, PodView>,
  nowMs: number,
): readonly CreateOutcomeMessage[] {
  return (creates ?? []).flatMap((create, index) => {
    const outcome = createOutcome(create, nowMs)
    const isRepeated = (creates ?? []).slice(index + 1).some((later) => isSameRequest(later, create))
    return [
      // Who tried again knows how it ended before.
      ...(outcome === null || (outcome.kind === 'not-created' && isRepeated) ? [] : [outcome]),
      ...replacedOutcome(create, podsByKey),
    ]
  })
}

const isSameRequest = (a: CreateView, b: CreateView): boolean =>
  a.accountId === b.accountId && a.name === b.name

/** Once the new pod runs, the old one may go. */
function replacedOutcome(
  create: CreateView,
  podsByKey: ReadonlyMap<string, PodView>,
): readonly CreateOutcomeMessage[] {
  const { accountId, podId, name } = create
  const pod = podId === null ? undefined : podsByKey.get(podKeyOf(accountId, podId))
  const old = replacedPod(create, podsByKey)
  if (pod?.phase !== 'running' || old === undefined || !old.actions.includes('terminate')) return []
  const usd = old.phase === 'stopped' ? old.stoppedDiskPerHourUsd : old.costPerHourUsd

  return [
    {
      create,
      kind: 'replaced',
      title: createToastsText.running(name),
      body: createToastsText.replaced(old.name, usd),
    },
  ]
}

const replacedPod = (
  { accountId, replacesPodId }: CreateView,
  podsByKey: ReadonlyMap<string, PodView>,
): PodView | undefined =>
  replacesPodId === null ? undefined : podsByKey.get(podKeyOf(accountId, replacesPodId))

const keyOf = ({ create, kind }: CreateOutcomeMessage): string => `${kind}:${create.id}:${create.phase}`

function loadSeen(storage: Pick<Storage, 'getItem'>): readonly string[] {
  const stored = parseJson(storage.getItem(STORAGE_KEY) ?? '')
  return Array.isArray(stored)
    ? stored.filter((key): key is string => typeof key === 'string').slice(-MAX_SEEN)
    : []
}

/** Errors are ignored: a full storage only shows a message again. */
function saveSeen(storage: Pick<Storage, 'setItem'>, keys: readonly string[]): void {
  try {
    storage.setItem(STORAGE_KEY, JSON.stringify(keys))
  } catch {
    // It stays dismissed until the window closes.
  }
}
