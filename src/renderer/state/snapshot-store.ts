import { createStore, type StoreApi } from 'zustand/vanilla'
import type { AccountId, PodKey } from '../../core/pods/pod'
import type { Result } from '../../core/base/result'
import type { JobSpec } from '../../core/queue/jobs/job-spec'
import type { TerminalId } from '../../core/terminal/terminal'
import { showAccount as accountPart } from '../../core/view/merge-snapshots'
import { hasAccount, type PodView, type Snapshot } from '../../core/view/snapshot'
import type { PodHistory } from '../../core/polling/fleet'
import type { Bridge, PageName, RequestError } from '../../shared/ipc'
import { createSnapshotReader } from '../../shared/snapshot-text'
import { holdSections, type PodSection } from './arrange/arrange-pods'
import { arrangeView } from './arrange/arrange-view'
import { defaultView, type PodsView } from './arrange/pod-filter'
import { announcementText } from './announcement-text'
import { answerOf } from './answer-of'
import { createHistoryRequests } from './history-requests'
import { shareLists, shareStructure } from './share-structure'
import { requestText } from './state-text'

/** A message of this window, such as a failed request or an accepted key. */
interface Toast {
  readonly id: number
  readonly tone: 'bad' | 'ok'
  readonly text: string
  /** Takes back what the message says; null: cannot be undone. */
  readonly undo: (() => void) | null
}

/** The app's snapshot, and the state of this window. */
export interface SnapshotStoreState {
  /** What is shown: one account, or all together. */
  readonly snapshot: Snapshot | null
  /** Of all accounts. */
  readonly wholeSnapshot: Snapshot | null
  /** The account that the person chose; null: all. It may be gone, or not there while the demo runs. */
  readonly chosenAccountId: AccountId | null
  /** The account that is shown; null: all, or the only one. */
  readonly shownAccountId: AccountId | null
  /** Of all accounts. */
  readonly podsByKey: ReadonlyMap<string, PodView>
  /** Filter and sort order of the pods. */
  readonly view: PodsView
  /** The pods that match `view`, arranged. */
  readonly sections: readonly PodSection[]
  /** The current page of the main window. */
  readonly page: PageName
  /** The pod or setting to focus on that page. */
  readonly pageTarget: FocusRequest | null
  /** The open dialog. */
  readonly dialog: WindowDialog | null
  readonly historiesByKey: ReadonlyMap<PodKey, PodHistory>
  /** Unix ms of the newest point of all histories: the right edge of every sparkline. */
  readonly historyEndMs: number
  readonly toasts: readonly Toast[]
  /** Text of the live region. */
  readonly announcement: string
  /** The pod to scroll to. */
  readonly focusRequest: FocusRequest | null
}

/** A request to focus something; `serial` tells repeated requests for the same target apart. */
interface FocusRequest {
  readonly id: string
  readonly serial: number
}

/** A job that is copied, and what the copy asks for, to be changed. */
export interface JobCopy {
  readonly jobId: string
  readonly spec: JobSpec
}

export type WindowDialog =
  | { readonly kind: 'palette' | 'keys' }
  | { readonly kind: 'rules' | 'edit' | 'edit-with'; readonly podKey: PodKey }
  /** Null: a new one. */
  | { readonly kind: 'job'; readonly jobId: string | null; readonly copyOf?: JobCopy }
  /** `terminalId`: where it is inserted; null: in a new terminal. */
  | { readonly kind: 'snippets'; readonly podKey: PodKey; readonly terminalId: TerminalId | null }
  | { readonly kind: 'stop-pods'; readonly podKeys: readonly PodKey[] }

export interface SnapshotStore {
  readonly store: StoreApi<SnapshotStoreState>
  /**
   * Waits for `answer`. A failure shows a toast that begins with `failureTitle` and resolves to null; never
   * rejects.
   */
  runRequest<T>(failureTitle: string, answer: Promise<Result<T, RequestError>>): Promise<T | null>
  /** The same for a request without a value: resolves to whether it was done. */
  tryRequest(failureTitle: string, answer: Promise<Result<unknown, RequestError>>): Promise<boolean>
  showToast(tone: Toast['tone'], text: string, undo?: () => void): void
  dismissToast(id: number): void
  setView(change: Partial<PodsView>): void
  /** Shows one account; null: all together. */
  showAccount(accountId: AccountId | null): void
  /** `targetId`: the pod or setting to focus on the page. */
  showPage(page: PageName, targetId?: string | null): void
  /** Opens a dialog, replacing the open one; null closes it. */
  openDialog(dialog: WindowDialog | null): void
  /** While held, no pod moves to another section or place. Sorting and filtering still arrange them anew. */
  holdSections(isHeld: boolean): void
  /** Sets the pods whose cards are in or near the viewport; only their histories are requested. */
  setVisible(podKeys: readonly PodKey[]): void
  /** Scrolls to the card of `podKey`, clearing the filter if it hides the pod. */
  showPod(podKey: string): void
  /** Subscribes to the app; returns the function that unsubscribes. */
  connect(): () => void
}

const SUCCESS_SHOWN_MS = 10_000

/** The window's copy of the app's snapshot. Unchanged parts keep their identity between snapshots. */
export function createSnapshotStore(
  bridge: Bridge,
  initialView: PodsView = defaultView,
  initialAccountId: AccountId | null = null,
): SnapshotStore {
  const store = createStore<SnapshotStoreState>(() => ({
    snapshot: null,
    wholeSnapshot: null,
    chosenAccountId: initialAccountId,
    shownAccountId: null,
    podsByKey: new Map(),
    view: initialView,
    sections: [],
    page: 'pods',
    pageTarget: null,
    dialog: null,
    historiesByKey: new Map(),
    historyEndMs: 0,
    toasts: [],
    announcement: '',
    focusRequest: null,
  }))
  const readSnapshot = createSnapshotReader()
  let lastId = 0
  let areSectionsHeld = false
  const histories = createHistoryRequests({
    isRunning: (podKey) => store.getState().podsByKey.get(podKey)?.phase === 'running',
    isKnown: (podKey) => store.getState().historiesByKey.has(podKey),
    read: readHistories,
  })

  function applySnapshot(received: Snapshot): void {
    const { wholeSnapshot: previous, podsByKey } = store.getState()
    if (previous !== null && received.revision < previous.revision) return
    const wholeSnapshot = shareStructure(previous, received)
    const changesText = previous === null ? '' : announcementText(previous, wholeSnapshot)
    const isSamePods = previous?.pods === wholeSnapshot.pods
    store.setState({
      wholeSnapshot,
      podsByKey: isSamePods ? podsByKey : new Map(wholeSnapshot.pods.map((pod) => [pod.key, pod])),
      ...(changesText === '' ? {} : { announcement: changesText }),
    })
    show(wholeSnapshot)
  }

  /** Shows the part that is about the chosen account, or all while it is not there or the only one. */
  function show(wholeSnapshot: Snapshot): void {
    const { snapshot: previous, chosenAccountId, sections, view } = store.getState()
    const { accounts } = wholeSnapshot
    const isThere = accounts.length > 1 && accounts.some(({ entry }) => entry.id === chosenAccountId)
    const shownAccountId = isThere ? chosenAccountId : null
    const snapshot = shareLists(previous, accountPart(wholeSnapshot, shownAccountId))
    const isSamePods =
      previous?.pods === snapshot.pods && hasSameNames(previous, snapshot) && !hasCreatingPod(snapshot)
    store.setState({
      snapshot,
      shownAccountId,
      sections: isSamePods ? sections : arrangeHeld(snapshot, view, sections),
    })
    const hasNewInventory =
      previous?.listedAtMs !== snapshot.listedAtMs || previous?.account?.id !== snapshot.account?.id
    if (hasNewInventory && hasAccount(snapshot)) void histories.request()
  }

  function arrangeHeld(
    snapshot: Snapshot,
    view: PodsView,
    sections: readonly PodSection[],
  ): readonly PodSection[] {
    const arranged = arrangeView(snapshot, view)
    return shareStructure(sections, areSectionsHeld ? holdSections(sections, arranged) : arranged)
  }

  function arrangeAnew(): void {
    const { snapshot, sections, view } = store.getState()
    store.setState({ sections: shareStructure(sections, arrangeView(snapshot, view)) })
  }

  function setView(change: Partial<PodsView>): void {
    store.setState(({ view }) => ({ view: { ...view, ...change } }))
    arrangeAnew()
  }

  function showAccount(accountId: AccountId | null): void {
    const { wholeSnapshot } = store.getState()
    store.setState({ chosenAccountId: accountId })
    if (wholeSnapshot === null) return
    show(wholeSnapshot)
    arrangeAnew()
  }

  function showPod(podKey: string): void {
    const { podsByKey, shownAccountId } = store.getState()
    const pod = podsByKey.get(podKey)
    if (pod !== undefined && shownAccountId !== null && pod.accountId !== shownAccountId) showAccount(null)
    const { sections } = store.getState()
    const isHidden =
      podsByKey.has(podKey) && !sections.some(({ podKeys }) => podKeys.some((key) => key === podKey))
    if (isHidden) setView({ filter: 'all', search: '' })
    store.setState({ page: 'pods', pageTarget: null, focusRequest: { id: podKey, serial: ++lastId } })
  }

  function showPage(page: PageName, targetId: string | null = null): void {
    if (page === 'pods' && targetId !== null) showPod(targetId)
    else store.setState({ page, pageTarget: targetId === null ? null : { id: targetId, serial: ++lastId } })
  }

  async function readHistories(podKeys: readonly PodKey[]): Promise<void> {
    const received = await runRequest(requestText.couldNotReadSparklines, bridge.history(podKeys))
    if (received === null) return
    const { historiesByKey } = store.getState()
    const sharedHistories = received.map(
      (one) => [one.key, shareStructure(historiesByKey.get(one.key), one)] as const,
    )
    const endTimesMs = received.map(({ points }) => points[points.length - 1]?.atMs ?? 0)
    store.setState({ historiesByKey: new Map(sharedHistories), historyEndMs: Math.max(0, ...endTimesMs) })
  }

  async function settle<T>(failureTitle: string, answer: Promise<Result<T, RequestError>>) {
    const result = await answerOf(answer)
    if (!result.ok) showToast('bad', requestText.failed(failureTitle, result.error.message))
    return result
  }

  async function runRequest<T>(
    failureTitle: string,
    answer: Promise<Result<T, RequestError>>,
  ): Promise<T | null> {
    const result = await settle(failureTitle, answer)
    return result.ok ? result.value : null
  }

  function showToast(tone: Toast['tone'], text: string, undo: (() => void) | null = null): void {
    // Of things that can be undone, the last one is shown.
    const others = store
      .getState()
      .toasts.filter((toast) => toast.text !== text && (undo === null || toast.undo === null))
    const id = ++lastId
    store.setState({ toasts: [...others, { id, tone, text, undo }] })
    // What failed stays until someone saw it.
    if (tone === 'ok') setTimeout(() => dismissToast(id), SUCCESS_SHOWN_MS)
  }

  const dismissToast = (id: number): void =>
    store.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }))

  return {
    store,
    runRequest,
    tryRequest: async (failureTitle, answer) => (await settle(failureTitle, answer)).ok,
    showToast,
    dismissToast,
    setVisible: histories.setVisible,
    holdSections(isHeld) {
      if (areSectionsHeld === isHeld) return
      areSectionsHeld = isHeld
      if (!isHeld) arrangeAnew()
    },
    showPod,
    setView,
    showAccount,
    showPage,
    openDialog: (dialog) => store.setState({ dialog }),
    connect() {
      const unsubscribes = [
        bridge.on('snapshot', (text) => applySnapshot(readSnapshot(text))),
        bridge.on('dropFailed', (message) =>
          showToast('bad', requestText.failed(requestText.notUploaded, message)),
        ),
        bridge.on('showPage', ({ page, about }) => showPage(page, about)),
      ]
      void runRequest(requestText.couldNotLoadPods, bridge.snapshot()).then((snapshot) => {
        if (snapshot !== null) applySnapshot(snapshot)
      })
      return () => unsubscribes.forEach((unsubscribe) => unsubscribe())
    },
  }
}

/** One that creates for long moves to another section without changing. */
const hasCreatingPod = ({ pods }: Snapshot): boolean => pods.some(({ phase }) => phase === 'creating')

/** The search finds pods by the name of their account. */
const hasSameNames = (a: Snapshot, b: Snapshot): boolean =>
  a.accounts.length === b.accounts.length &&
  a.accounts.every(({ entry }, index) => entry.name === b.accounts[index]?.entry.name)
