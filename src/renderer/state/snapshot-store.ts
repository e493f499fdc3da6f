import { createStore, type StoreApi } from 'zustand/vanilla'
import type { PodId } from '../../core/pods/pod'
import type { Result } from '../../core/base/result'
import type { PodView, Snapshot } from '../../core/view/snapshot'
import type { PodHistory } from '../../core/polling/fleet'
import { type Bridge, MAX_HISTORIES, type PageName, type RequestError } from '../../shared/ipc'
import { createSnapshotReader } from '../../shared/snapshot-text'
import { arrangePods, type PodSection } from './arrange-pods'
import { defaultView, filterPods, type PodsView } from './pod-filter'
import { announcementText } from './announcement-text'
import { shareStructure } from './share-structure'

/** A message of this window, such as a failed request or an accepted key. */
interface Toast {
  readonly id: number
  readonly tone: 'bad' | 'ok'
  readonly text: string
}

/** The app's snapshot, and the state of this window. */
export interface SnapshotStoreState {
  readonly snapshot: Snapshot | null
  readonly podsById: ReadonlyMap<PodId, PodView>
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
  readonly historiesById: ReadonlyMap<PodId, PodHistory>
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

export type WindowDialog = { readonly kind: 'palette' } | { readonly kind: 'rules'; readonly podId: PodId }

export interface SnapshotStore {
  readonly store: StoreApi<SnapshotStoreState>
  /**
   * Waits for `answer`. A failure shows a toast that begins with `failureTitle` and resolves to null; never
   * rejects.
   */
  runRequest<T>(failureTitle: string, answer: Promise<Result<T, RequestError>>): Promise<T | null>
  showToast(tone: Toast['tone'], text: string): void
  dismissToast(id: number): void
  setView(change: Partial<PodsView>): void
  /** `targetId`: the pod or setting to focus on the page. */
  showPage(page: PageName, targetId?: string | null): void
  /** Opens a dialog, replacing the open one; null closes it. */
  openDialog(dialog: WindowDialog | null): void
  /** Sets the pods whose cards are in or near the viewport; only their histories are requested. */
  setVisible(podIds: readonly PodId[]): void
  /** Scrolls to the card of `podId`, clearing the filter if it hides the pod. */
  showPod(podId: PodId): void
  /** Subscribes to the app; returns the function that unsubscribes. */
  connect(): () => void
}

/** Minimum interval between history requests, so that fast scrolling doesn't flood the main process. */
const HISTORY_INTERVAL_MS = 150

/** The window's copy of the app's snapshot. Unchanged parts keep their identity between snapshots. */
export function createSnapshotStore(bridge: Bridge, initialView: PodsView = defaultView): SnapshotStore {
  const store = createStore<SnapshotStoreState>(() => ({
    snapshot: null,
    podsById: new Map(),
    view: initialView,
    sections: [],
    page: 'pods',
    pageTarget: null,
    dialog: null,
    historiesById: new Map(),
    historyEndMs: 0,
    toasts: [],
    announcement: '',
    focusRequest: null,
  }))
  const readSnapshot = createSnapshotReader()
  let lastId = 0
  let visiblePodIds: readonly PodId[] = []
  let isHistoryRequested = false
  let isRequestingHistory = false

  function applySnapshot(received: Snapshot): void {
    const { snapshot: previous, podsById, sections, view } = store.getState()
    if (previous !== null && received.revision < previous.revision) return
    const snapshot = shareStructure(previous, received)
    const changesText = previous === null ? '' : announcementText(previous, snapshot)
    const isSamePods = previous?.pods === snapshot.pods
    store.setState({
      snapshot,
      podsById: isSamePods ? podsById : new Map(snapshot.pods.map((pod) => [pod.id, pod])),
      sections: isSamePods ? sections : shareStructure(sections, arrangeView(snapshot.pods, view)),
      ...(changesText === '' ? {} : { announcement: changesText }),
    })
    const hasNewInventory =
      previous?.listedAtMs !== snapshot.listedAtMs || previous?.account?.id !== snapshot.account?.id
    if (hasNewInventory && snapshot.account !== null) void requestHistories()
  }

  function setView(change: Partial<PodsView>): void {
    const { snapshot, sections, view } = store.getState()
    const next = { ...view, ...change }
    store.setState({
      view: next,
      sections: shareStructure(sections, arrangeView(snapshot?.pods ?? [], next)),
    })
  }

  function showPod(podId: PodId): void {
    const { podsById, sections } = store.getState()
    const isHidden = podsById.has(podId) && !sections.some(({ podIds }) => podIds.includes(podId))
    if (isHidden) setView({ filter: 'all', search: '' })
    store.setState({ page: 'pods', pageTarget: null, focusRequest: { id: podId, serial: ++lastId } })
  }

  function showPage(page: PageName, targetId: string | null = null): void {
    if (page === 'pods' && targetId !== null) showPod(targetId)
    else store.setState({ page, pageTarget: targetId === null ? null : { id: targetId, serial: ++lastId } })
  }

  function setVisible(podIds: readonly PodId[]): void {
    visiblePodIds = podIds
    const { historiesById } = store.getState()
    if (podIds.some((podId) => !historiesById.has(podId) && isRunning(podId))) void requestHistories()
  }

  function isRunning(podId: PodId): boolean {
    return store.getState().podsById.get(podId)?.phase === 'running'
  }

  /** Sends one request at a time; pods that become visible meanwhile are requested afterward. */
  async function requestHistories(): Promise<void> {
    isHistoryRequested = true
    if (isRequestingHistory) return
    isRequestingHistory = true
    while (isHistoryRequested) {
      isHistoryRequested = false
      const requestedIds = visiblePodIds.filter(isRunning).slice(0, MAX_HISTORIES)
      if (requestedIds.length === 0) break
      await readHistories(requestedIds)
      await new Promise((done) => setTimeout(done, HISTORY_INTERVAL_MS))
    }
    isRequestingHistory = false
  }

  async function readHistories(podIds: readonly PodId[]): Promise<void> {
    const histories = await runRequest('The sparklines could not be read', bridge.history(podIds))
    if (histories === null) return
    const { historiesById } = store.getState()
    const sharedHistories = histories.map(
      (one) => [one.podId, shareStructure(historiesById.get(one.podId), one)] as const,
    )
    const endTimesMs = histories.map(({ points }) => points[points.length - 1]?.atMs ?? 0)
    store.setState({ historiesById: new Map(sharedHistories), historyEndMs: Math.max(0, ...endTimesMs) })
  }

  async function runRequest<T>(
    failureTitle: string,
    answer: Promise<Result<T, RequestError>>,
  ): Promise<T | null> {
    try {
      const result = await answer
      if (result.ok) return result.value
      showToast('bad', `${failureTitle}: ${result.error.message}`)
    } catch {
      showToast('bad', `${failureTitle}: Podkeeper did not answer.`)
    }
    return null
  }

  function showToast(tone: Toast['tone'], text: string): void {
    const others = store.getState().toasts.filter((toast) => toast.text !== text)
    store.setState({ toasts: [...others, { id: ++lastId, tone, text }] })
  }

  return {
    store,
    runRequest,
    showToast,
    dismissToast: (id) =>
      store.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) })),
    setVisible,
    showPod,
    setView,
    showPage,
    openDialog: (dialog) => store.setState({ dialog }),
    connect() {
      const unsubscribes = [
        bridge.on('snapshot', (text) => applySnapshot(readSnapshot(text))),
        bridge.on('showPod', showPod),
        bridge.on('showPage', ({ page, about }) => showPage(page, about)),
      ]
      void runRequest('Podkeeper could not be read', bridge.snapshot()).then((snapshot) => {
        if (snapshot !== null) applySnapshot(snapshot)
      })
      return () => unsubscribes.forEach((unsubscribe) => unsubscribe())
    },
  }
}

function arrangeView(pods: readonly PodView[], view: PodsView): readonly PodSection[] {
  return arrangePods(filterPods(pods, view), view.order)
}
