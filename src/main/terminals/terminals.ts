import { randomUUID } from 'node:crypto'
import {
  type AccountId,
  parsePodKey,
  type Pod,
  type PodId,
  type PodKey,
  podNotListedText,
} from '../../core/pods/pod'
import { fail, ok, type Result } from '../../core/base/result'
import type { Snapshot } from '../../core/view/snapshot'
import { firstPane, MAX_PANES, paneIds, type SplitDirection } from '../../core/terminal/panes/pane-layout'
import { layoutsToRemember, restoredTabs } from '../../core/terminal/panes/remembered-layouts'
import {
  canSplit,
  MAX_TERMINAL_WINDOWS,
  newTab,
  tabOf,
  type TerminalTab,
  type TerminalTabs,
  terminalWindows,
  withMovedTab,
  withoutPane,
  withPane,
  withReplacedPanes,
  withTabRatio,
  withTabWindow,
} from '../../core/terminal/panes/tab-layouts'
import { MAX_TERMINALS, type TerminalsView, type TerminalView } from '../../core/terminal/terminal'
import { sshRouteOf } from '../../core/pods/pod-capabilities'
import type { RememberedTab } from '../../core/terminal/remembered-tabs'
import type { TerminalPlace } from '../../shared/requests/pod/terminal-requests'
import { createThrottledPublisher } from './throttled-publisher'
import { createTabRecords } from './sessions/tab-records'
import { type TerminalPod, toTerminalPod } from './terminal-pod'
import { sessionFactory } from './session-factory'
import type { TerminalSession } from './terminal-session-types'
import type { Terminals, TerminalsOptions } from './terminals-types'
import { terminalsText } from './terminals-text'

export function createTerminals(options: TerminalsOptions): Terminals {
  const { clock } = options
  const sessions = new Map<string, TerminalSession>()
  let tabs: TerminalTabs = []
  let isDisposed = false
  let liveAccounts: ReadonlySet<AccountId> = new Set()
  const publisher = createThrottledPublisher(clock, (revision) => {
    if (!isDisposed) rememberTabs()
    options.publish(viewAt(revision))
  })
  const records = createTabRecords(options.tabStore, clock)
  const createSession = sessionFactory(options, records, windowOf, publisher.requestPublish)
  /** In the order of tabs and panes. */
  const inOrder = (): readonly TerminalSession[] =>
    tabs.flatMap(({ layout }) => paneIds(layout).flatMap((id) => sessions.get(id) ?? []))

  function rememberTabs(): void {
    const remembered = new Map([...sessions].map(([id, one]) => [id, one.remembered()]))
    const layouts = layoutsToRemember(tabs, (id) => remembered.get(id)?.session ?? null)
    records.setTabs(
      inOrder().flatMap((one) => remembered.get(one.view().id) ?? []),
      layouts,
    )
  }

  /** By the id of a new tab: the tab whose place it took. */
  const continued = new Map<string, string>()

  const viewAt = (revision: number): TerminalsView => ({
    revision,
    terminals: inOrder().map((one) => {
      const view = one.view()
      const continues = continued.get(view.id)
      return continues === undefined ? view : { ...view, continues }
    }),
    tabs,
  })

  function setTabs(changed: TerminalTabs): void {
    tabs = changed
    publisher.requestPublish()
  }

  function windowOf(id: string): string | null {
    return tabOf(tabs, id)?.windowId ?? null
  }

  function place(id: string, where: TerminalPlace): Result<string | null, string> {
    const tab = tabOf(tabs, id)
    if (tab === undefined) return fail(terminalsText.terminalClosed)
    const isOwn = where !== 'main-window'
    if (isOwn === (tab.windowId !== undefined)) return ok(tab.windowId ?? null)
    if (isOwn && terminalWindows(tabs).length >= MAX_TERMINAL_WINDOWS)
      return fail(terminalsText.tooManyWindows(MAX_TERMINAL_WINDOWS))
    const windowId = isOwn ? randomUUID() : null
    // The pod isn't held up until the other window is there.
    for (const pane of paneIds(tab.layout)) sessions.get(pane)?.output.detachCurrent()
    setTabs(withTabWindow(tabs, id, windowId))
    return ok(windowId)
  }

  function session(id: string): Result<TerminalSession, string> {
    const found = sessions.get(id)
    return found ? ok(found) : fail(terminalsText.terminalClosed)
  }

  function openSession(podKey: PodKey, name: string | null): Result<string, string> {
    const { accountId, podId } = parsePodKey(podKey)
    const account = options.accountPods(accountId)
    const pod = account?.pods.find(({ id }) => id === podId)
    if (!account || !pod) return fail(podNotListedText)
    if (sshRouteOf(pod) === null) return fail(noRouteText(pod))
    if (sessions.size >= MAX_TERMINALS) return fail(terminalsText.tooMany(MAX_TERMINALS))
    const id = add(account.accountId, podId, toTerminalPod(account.accountId, pod), null)
    if (name !== null) sessions.get(id)?.rename(name)
    return ok(id)
  }

  function open(podKey: PodKey, name: string | null = null): Result<string, string> {
    const opened = openSession(podKey, name)
    if (opened.ok) setTabs([...tabs, newTab(opened.value)])
    return opened
  }

  function split(id: string, direction: SplitDirection): Result<string, string> {
    const beside = session(id)
    if (!beside.ok) return beside
    if (!canSplit(tabs, id)) return fail(terminalsText.tooManyPanes(MAX_PANES))
    const { podKey, name } = beside.value.view()
    const opened = openSession(podKey, name)
    if (opened.ok) setTabs(withPane(tabs, id, direction, opened.value))
    return opened
  }

  function end(id: string, endsSession: boolean): void {
    const closed = sessions.get(id)
    continued.delete(id)
    sessions.delete(id)
    closed?.close(endsSession)
  }

  const tabsOn = (podKey: PodKey): TerminalTabs =>
    tabs.filter((tab) => paneIds(tab.layout).some((id) => sessions.get(id)?.view().podKey === podKey))

  function moveTab(tab: TerminalTab, to: PodKey): void {
    const replaced = new Map<string, string>()
    for (const id of paneIds(tab.layout)) {
      const before = sessions.get(id)
      if (before === undefined) continue
      // It makes room for the new one, which counts against the limit.
      if (!isOngoing(before.view())) sessions.delete(id)
      const opened = openSession(to, before.view().name)
      if (opened.ok) replaced.set(id, opened.value)
      if (isOngoing(before.view()) || !opened.ok) {
        sessions.set(id, before)
        continue
      }
      before.close()
      continued.delete(id)
      continued.set(opened.value, id)
    }
    setTabs(withReplacedPanes(tabs, tab, replaced, (id) => sessions.has(id)))
  }

  function add(accountId: AccountId, podId: PodId, pod: TerminalPod, restored: RememberedTab | null): string {
    const id = randomUUID()
    sessions.set(id, createSession(id, accountId, podId, pod, restored))
    return id
  }

  /** The tabs of an earlier run come back once the pods of their account are known. */
  function restoreTabs({ accounts }: Snapshot): void {
    const isListed = (id: AccountId) =>
      accounts.some(({ entry, listedAtMs }) => entry.id === id && listedAtMs !== null)
    const taken = records.takeTabs((id) => isListed(id) && options.accountPods(id) !== null)
    if (taken.length === 0) return
    const restored = taken.map((one) => ({
      session: one.session,
      id: add(one.accountId, one.podId, unknownPod(one.podName), one),
    }))
    setTabs([...tabs, ...restoredTabs(restored, records.earlierLayouts)])
  }

  function onSnapshot(snapshot: Snapshot): void {
    restoreTabs(snapshot)
    const live = snapshot.accounts.filter(({ connection }) => connection.kind === 'live')
    const wereLive = liveAccounts
    liveAccounts = new Set(live.map(({ entry }) => entry.id))
    if (sessions.size === 0) return
    for (const each of sessions.values()) {
      const { accountId } = each.view()
      const isUpdated = updateFrom(each, snapshot, options.accountPods(accountId))
      if (isUpdated && liveAccounts.has(accountId) && !wereLive.has(accountId)) each.retryNow()
    }
  }

  return {
    view: () => viewAt(publisher.revision()),
    shells: () => inOrder().flatMap((one) => endingShell(one.view())),
    open: (podKey) => open(podKey),
    split,
    setRatio: (secondId, ratio) => setTabs(withTabRatio(tabs, secondId, ratio)),
    close(id) {
      end(id, true)
      setTabs(withoutPane(tabs, id))
    },
    session,
    retry(id) {
      const found = session(id)
      if (!found.ok) return found
      const isConnected = options.accountPods(found.value.view().accountId) !== null
      return isConnected ? found.value.retry() : fail(terminalsText.accountGone)
    },
    tabNames: (podKey) =>
      tabsOn(podKey).map(({ layout }) => sessions.get(paneIds(layout)[0] ?? '')?.view().name ?? null),
    moveTabs(from, to, earlier) {
      const old = tabsOn(from)
      for (const tab of old) moveTab(tab, to)
      for (const name of earlier.slice(old.length)) open(to, name)
    },
    rename(id, name) {
      const tab = tabOf(tabs, id)
      if (tab === undefined) return fail(terminalsText.terminalClosed)
      for (const pane of paneIds(tab.layout)) sessions.get(pane)?.rename(name)
      return ok(undefined)
    },
    move: (id, index) => setTabs(withMovedTab(tabs, id, index)),
    windowOf,
    place,
    onWindowClosed(windowId) {
      for (const { layout, windowId: own } of tabs)
        if (own === windowId) place(firstPane(layout), 'main-window')
    },
    async attach(id, size) {
      const found = session(id)
      return found.ok ? ok(await found.value.attach(size)) : found
    },
    detach(attachment) {
      for (const { output } of sessions.values()) output.detach(attachment)
    },
    ack(attachment, bytes) {
      for (const { output } of sessions.values()) output.ack(attachment, bytes)
    },
    onFocus: () => sessions.forEach((each) => each.onFocus()),
    detachAll(windowId) {
      for (const [id, { output }] of sessions) if (windowOf(id) === windowId) output.detachCurrent()
    },
    onSnapshot,
    onWake: () => sessions.forEach((each) => each.retryNow()),
    dispose() {
      // The tabs are written down once, while they are there.
      if (isDisposed) return
      isDisposed = true
      publisher.dispose()
      rememberTabs()
      records.flush()
      for (const each of sessions.values()) each.close()
      sessions.clear()
      tabs = []
    },
  }
}

/** Tells a session what is known of its pod; false: nothing is. `account`: its pods; null: the account is gone. */
function updateFrom(
  session: TerminalSession,
  snapshot: Snapshot,
  account: ReturnType<TerminalsOptions['accountPods']>,
): boolean {
  const { accountId, podId, podName } = session.view()
  if (account === null) {
    session.end(terminalsText.accountGone)
    return false
  }
  // Before the first list no pod is known to be gone.
  const part = snapshot.accounts.find(({ entry }) => entry.id === accountId)
  if (part === undefined || part.listedAtMs === null) return false
  const pod = account.pods.find(({ id }) => id === podId)
  session.updatePod(
    pod
      ? toTerminalPod(accountId, pod)
      : { ...unknownPod(podName), unavailableReason: terminalsText.podGone },
  )
  return true
}

const unknown = { target: null, unavailableReason: null, isStopped: false, uptimeS: null }
const unknownPod = (name: string): TerminalPod => ({ name, ...unknown })

/** The pod of an open shell that would end with its terminal. */
const endingShell = ({ state, podName, isKept }: TerminalView): readonly string[] =>
  state.kind === 'open' && !isKept ? [podName] : []

/** What runs in it continues to run. */
const isOngoing = ({ state, isKept }: TerminalView): boolean =>
  state.kind === 'open' || (isKept && (state.kind === 'waiting' || state.kind === 'detached'))

const noRouteText = ({ phase }: Pod): string =>
  phase === 'running' ? terminalsText.noSsh : terminalsText.podNotRunning
