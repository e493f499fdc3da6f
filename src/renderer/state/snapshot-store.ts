import { createStore, type StoreApi } from 'zustand/vanilla'
import type { PodId } from '../../core/pods/pod'
import type { Result } from '../../core/base/result'
import type { PodView, Snapshot } from '../../core/view/snapshot'
import type { PodHistory } from '../../core/polling/fleet'
import { type Bridge, MAX_HISTORIES, type PageName, type RequestError } from '../../shared/ipc'
import { createSnapshotReader } from '../../shared/snapshot-text'
import { arrangePods, type PodSection } from './arrange-pods'
import { filterPods, type PodsView, usualView } from './pod-filter'
import { changesToSay } from './live-region'
import { shareStructure } from './share-structure'

/** Something this window has to say by itself: a request that failed, a key that works. */
interface Line {
  readonly id: number
  readonly tone: 'bad' | 'ok'
  readonly text: string
}

/** What the window knows: the app's snapshot, and what only concerns this window. */
export interface MirrorState {
  readonly snapshot: Snapshot | null
  readonly podsById: ReadonlyMap<PodId, PodView>
  /** Which pods this window shows, and in what order. */
  readonly view: PodsView
  /** The pods of `view`, arranged. */
  readonly sections: readonly PodSection[]
  /** The page of the main window. */
  readonly page: PageName
  /** The pod or setting of that page that is meant; `serial` tells two wishes for the same apart. */
  readonly about: Wish | null
  /** What lies over the page. */
  readonly dialog: DialogName | null
  readonly historiesById: ReadonlyMap<PodId, PodHistory>
  /** Unix ms of the newest point of any history: the right edge of every sparkline. */
  readonly historyEndMs: number
  readonly lines: readonly Line[]
  /** For the live region; what changed last. */
  readonly announcement: string
  /** The pod to bring into view. */
  readonly wanted: Wish | null
}

/** Something that is meant; `serial` tells two wishes for the same thing apart. */
interface Wish {
  readonly id: string
  readonly serial: number
}

/** What can lie over the page of a window. */
export type DialogName = { readonly kind: 'palette' } | { readonly kind: 'rules'; readonly podId: PodId }

export interface Mirror {
  readonly store: StoreApi<MirrorState>
  /** Waits for `answer`; a failure becomes a line that begins with `what`, and null. Never rejects. */
  report<T>(what: string, answer: Promise<Result<T, RequestError>>): Promise<T | null>
  say(tone: Line['tone'], text: string): void
  dismissLine(id: number): void
  setView(change: Partial<PodsView>): void
  /** `about`: the pod or setting of the page that is meant. */
  turnTo(page: PageName, about?: string | null): void
  /** Lays a dialog over the page, in place of what lies there; null: nothing. */
  open(dialog: DialogName | null): void
  /** The pods whose cards are in sight or near it: their histories are asked for, and no others. */
  see(podIds: readonly PodId[]): void
  /** Brings the card of `podId` into view, whatever is filtered. */
  show(podId: PodId): void
  /** Begins to follow the app; returns what ends it. */
  connect(): () => void
}

/** Between two questions for histories, however fast somebody scrolls. */
const HISTORY_PAUSE_MS = 150

/** The window's copy of the app's snapshot. What did not change keeps its identity from one to the next. */
export function createMirror(bridge: Bridge, firstView: PodsView = usualView): Mirror {
  const store = createStore<MirrorState>(() => ({
    snapshot: null,
    podsById: new Map(),
    view: firstView,
    sections: [],
    page: 'pods',
    about: null,
    dialog: null,
    historiesById: new Map(),
    historyEndMs: 0,
    lines: [],
    announcement: '',
    wanted: null,
  }))
  const read = createSnapshotReader()
  let lastSerial = 0
  let inSight: readonly PodId[] = []
  let isHistoryWanted = false
  let isReadingHistory = false

  function take(received: Snapshot): void {
    const { snapshot: previous, podsById, sections, view } = store.getState()
    if (previous !== null && received.revision < previous.revision) return
    const snapshot = shareStructure(previous, received)
    const said = previous === null ? '' : changesToSay(previous, snapshot)
    const isSamePods = previous?.pods === snapshot.pods
    store.setState({
      snapshot,
      podsById: isSamePods ? podsById : new Map(snapshot.pods.map((pod) => [pod.id, pod])),
      sections: isSamePods ? sections : shareStructure(sections, sectionsOf(snapshot.pods, view)),
      ...(said === '' ? {} : { announcement: said }),
    })
    const isNewPicture =
      previous?.pictureAtMs !== snapshot.pictureAtMs || previous?.account?.id !== snapshot.account?.id
    if (isNewPicture && snapshot.account !== null) void askForHistories()
  }

  function setView(change: Partial<PodsView>): void {
    const { snapshot, sections, view } = store.getState()
    const next = { ...view, ...change }
    store.setState({
      view: next,
      sections: shareStructure(sections, sectionsOf(snapshot?.pods ?? [], next)),
    })
  }

  function show(podId: PodId): void {
    const { podsById, sections } = store.getState()
    const isHidden = podsById.has(podId) && !sections.some(({ podIds }) => podIds.includes(podId))
    if (isHidden) setView({ filter: 'all', search: '' })
    store.setState({ page: 'pods', about: null, wanted: { id: podId, serial: ++lastSerial } })
  }

  function turnTo(page: PageName, about: string | null = null): void {
    if (page === 'pods' && about !== null) show(about)
    else store.setState({ page, about: about === null ? null : { id: about, serial: ++lastSerial } })
  }

  function see(podIds: readonly PodId[]): void {
    inSight = podIds
    const { historiesById } = store.getState()
    if (podIds.some((podId) => !historiesById.has(podId) && isRunning(podId))) void askForHistories()
  }

  function isRunning(podId: PodId): boolean {
    return store.getState().podsById.get(podId)?.phase === 'running'
  }

  /** One question at a time; what comes into sight meanwhile is asked for after it. */
  async function askForHistories(): Promise<void> {
    isHistoryWanted = true
    if (isReadingHistory) return
    isReadingHistory = true
    while (isHistoryWanted) {
      isHistoryWanted = false
      const asked = inSight.filter(isRunning).slice(0, MAX_HISTORIES)
      if (asked.length === 0) break
      await readHistories(asked)
      await new Promise((done) => setTimeout(done, HISTORY_PAUSE_MS))
    }
    isReadingHistory = false
  }

  async function readHistories(podIds: readonly PodId[]): Promise<void> {
    const histories = await report('The sparklines could not be read', bridge.history(podIds))
    if (histories === null) return
    const { historiesById } = store.getState()
    const shared = histories.map(
      (one) => [one.podId, shareStructure(historiesById.get(one.podId), one)] as const,
    )
    const endsMs = histories.map(({ points }) => points[points.length - 1]?.atMs ?? 0)
    store.setState({ historiesById: new Map(shared), historyEndMs: Math.max(0, ...endsMs) })
  }

  async function report<T>(what: string, answer: Promise<Result<T, RequestError>>): Promise<T | null> {
    try {
      const result = await answer
      if (result.ok) return result.value
      say('bad', `${what}: ${result.error.message}`)
    } catch {
      say('bad', `${what}: Podkeeper did not answer.`)
    }
    return null
  }

  function say(tone: Line['tone'], text: string): void {
    const others = store.getState().lines.filter((line) => line.text !== text)
    store.setState({ lines: [...others, { id: ++lastSerial, tone, text }] })
  }

  return {
    store,
    report,
    say,
    dismissLine: (id) => store.setState(({ lines }) => ({ lines: lines.filter((line) => line.id !== id) })),
    see,
    show,
    setView,
    turnTo,
    open: (dialog) => store.setState({ dialog }),
    connect() {
      const unsubscribes = [
        bridge.on('snapshot', (text) => take(read(text))),
        bridge.on('showPod', show),
        bridge.on('showPage', ({ page, about }) => turnTo(page, about)),
      ]
      void report('Podkeeper could not be read', bridge.snapshot()).then((snapshot) => {
        if (snapshot !== null) take(snapshot)
      })
      return () => unsubscribes.forEach((unsubscribe) => unsubscribe())
    },
  }
}

function sectionsOf(pods: readonly PodView[], view: PodsView): readonly PodSection[] {
  return arrangePods(filterPods(pods, view), view.order)
}
