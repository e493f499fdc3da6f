import { randomUUID } from 'node:crypto'
import type { Monitor } from '../../core/monitor-types'
import {
  type AccountId,
  parsePodKey,
  type Pod,
  type PodId,
  type PodKey,
  podKeyOf,
  podNotListedText,
} from '../../core/pods/pod'
import { fail, ok, type Result } from '../../core/base/result'
import type { Snapshot } from '../../core/view/snapshot'
import { MAX_TERMINALS, type TerminalSize, type TerminalsView } from '../../core/terminal/terminal'
import { sshRouteOf } from '../../core/pods/pod-capabilities'
import type { RememberedTab } from '../../core/terminal/remembered-tabs'
import { createThrottledPublisher } from './throttled-publisher'
import { createTabRecords } from './sessions/tab-records'
import { type TerminalPod, toTerminalPod } from './terminal-pod'
import { createTerminalSession } from './terminal-session'
import type { TerminalSession } from './terminal-session-types'
import type { Terminals, TerminalsOptions } from './terminals-types'
import { terminalsText } from './terminals-text'

/** Used until the window reports its size. */
const INITIAL_SIZE: TerminalSize = { columns: 80, rows: 24 }

export function createTerminals(options: TerminalsOptions): Terminals {
  const { clock, input } = options
  let sessions: readonly TerminalSession[] = []
  let attachments = 0
  let isDisposed = false
  let liveAccounts: ReadonlySet<AccountId> = new Set()
  const publisher = createThrottledPublisher(clock, (revision) => {
    if (!isDisposed) rememberTabs()
    options.publish(viewAt(revision))
  })
  const records = createTabRecords(options.tabStore, clock)
  const rememberTabs = (): void => records.setTabs(sessions.flatMap((one) => one.remembered() ?? []))

  /** By the id of a new tab: the tab whose place it took. */
  const continued = new Map<string, string>()

  const viewAt = (revision: number): TerminalsView => ({
    revision,
    terminals: sessions.map((one) => {
      const view = one.view()
      const continues = continued.get(view.id)
      return continues === undefined ? view : { ...view, continues }
    }),
  })

  function session(id: string): Result<TerminalSession, string> {
    const found = sessions.find((one) => one.view().id === id)
    return found ? ok(found) : fail(terminalsText.terminalClosed)
  }

  function open(podKey: PodKey): Result<string, string> {
    const { accountId, podId } = parsePodKey(podKey)
    const account = options.accountPods(accountId)
    const pod = account?.pods.find(({ id }) => id === podId)
    if (!account || !pod) return fail(podNotListedText)
    if (sshRouteOf(pod) === null) return fail(noRouteText(pod))
    if (sessions.length >= MAX_TERMINALS) return fail(terminalsText.tooMany(MAX_TERMINALS))
    return ok(add(account.accountId, podId, toTerminalPod(account.accountId, pod), null))
  }

  function close(closed: TerminalSession, endsSession: boolean): void {
    continued.delete(closed.view().id)
    sessions = sessions.filter((one) => one !== closed)
    closed.close(endsSession)
    publisher.requestPublish()
  }

  function insert(moved: TerminalSession, index: number): void {
    const others = sessions.filter((one) => one !== moved)
    sessions = [...others.slice(0, index), moved, ...others.slice(index)]
    publisher.requestPublish()
  }

  const tabsOf = (podKey: PodKey): readonly TerminalSession[] =>
    sessions.filter((one) => one.view().podKey === podKey)

  function openNamed(podKey: PodKey, name: string | null): TerminalSession | null {
    const opened = open(podKey)
    const found = opened.ok ? session(opened.value) : opened
    if (!found.ok) return null
    found.value.rename(name)
    return found.value
  }

  function moveTab(before: TerminalSession, to: PodKey): void {
    const { id, name, state } = before.view()
    const index = sessions.indexOf(before)
    // What runs in it goes on.
    const isKept =
      state.kind === 'open' ||
      (before.view().isKept && (state.kind === 'waiting' || state.kind === 'detached'))
    // It makes room for the new one, which counts against the limit.
    if (!isKept) sessions = sessions.filter((one) => one !== before)
    const added = openNamed(to, name)
    if (added !== null) insert(added, index)
    if (isKept) return
    if (added === null) return insert(before, index)
    close(before, false)
    continued.set(added.view().id, id)
  }

  function add(accountId: AccountId, podId: PodId, pod: TerminalPod, restored: RememberedTab | null): string {
    const id = randomUUID()
    const recordEvent = (event: Parameters<Monitor['onTerminalEvent']>[2]): void => {
      // Nothing is logged for an account that is no longer connected.
      if (options.accountPods(accountId) !== null) options.onTerminalEvent(accountId, podId, pod.name, event)
    }
    const added = createTerminalSession({
      id,
      accountId,
      podId,
      pod,
      emulator: options.createEmulator(INITIAL_SIZE, options.scrollbackLines()),
      openShell: options.openShell,
      memory: {
        restored,
        isWanted: options.keepsSessions,
        historyLines: options.scrollbackLines,
        endedNames: () => records.endedNames(accountId, podId),
        onOver: (names) => records.removeEnded(names),
        onEnd: (name, isEnding) => void endSession(accountId, podId, name, isEnding),
      },
      clock,
      random: options.random,
      newAttachment: () => (attachments += 1),
      send: options.send,
      askHostKey: options.askHostKey,
      askPassphrase: options.askPassphrase,
      onChange: publisher.requestPublish,
      onInput: () => input.recordInput(podKeyOf(accountId, podId)),
      isWindowFocused: options.isWindowFocused,
      onCommandEnd: (end, isRequested) =>
        recordEvent({ kind: 'command-ended', terminalId: id, end, isRequested }),
      onSeen: () => recordEvent({ kind: 'seen', terminalId: id }),
      onOpen: ({ server }) => recordEvent({ kind: 'opened', server }),
      onFailure: (failure) => recordEvent({ kind: 'failed', failure }),
      onEnd: (reason) => recordEvent({ kind: 'ended', reason }),
    })
    sessions = [...sessions, added]
    publisher.requestPublish()
    return id
  }

  /** If the pod can't be asked now, the next connection to it ends the session first. */
  async function endSession(
    accountId: AccountId,
    podId: PodId,
    name: string,
    isEnding: boolean,
  ): Promise<void> {
    records.addEnded({ accountId, podId, session: name })
    if (isEnding) return
    const pod = options.accountPods(accountId)?.pods.find(({ id }) => id === podId)
    const target = pod === undefined ? null : toTerminalPod(accountId, pod).target
    if (target !== null && (await options.endSession(target, name))) records.removeEnded([name])
  }

  /** The tabs of an earlier run come back once the pods of their account are known. */
  function restoreTabs({ accounts }: Snapshot): void {
    const listed = new Set(
      accounts.flatMap(({ entry, listedAtMs }) => (listedAtMs === null ? [] : [entry.id])),
    )
    for (const tab of records.takeTabs(
      (accountId) => listed.has(accountId) && options.accountPods(accountId) !== null,
    ))
      add(tab.accountId, tab.podId, unknownPod(tab.podName), tab)
  }

  function onSnapshot(snapshot: Snapshot): void {
    restoreTabs(snapshot)
    const live = snapshot.accounts.filter(({ connection }) => connection.kind === 'live')
    const wereLive = liveAccounts
    liveAccounts = new Set(live.map(({ entry }) => entry.id))
    if (sessions.length === 0) return
    for (const each of sessions) {
      const { accountId, podId } = each.view()
      const account = options.accountPods(accountId)
      if (account === null) {
        each.end(terminalsText.accountGone)
        continue
      }
      // Before the first list no pod is known to be gone.
      const part = snapshot.accounts.find(({ entry }) => entry.id === accountId)
      if (part === undefined || part.listedAtMs === null) continue
      const pod = account.pods.find(({ id }) => id === podId)
      each.updatePod(
        pod
          ? toTerminalPod(accountId, pod)
          : { ...unknownPod(each.view().podName), unavailableReason: terminalsText.podGone },
      )
      if (liveAccounts.has(accountId) && !wereLive.has(accountId)) each.retryNow()
    }
  }

  return {
    view: () => viewAt(publisher.revision()),
    shells: () =>
      sessions.flatMap((one) => {
        const { state, podName, isKept } = one.view()
        return state.kind === 'open' && !isKept ? [podName] : []
      }),
    open,
    close(id) {
      const closed = session(id)
      if (closed.ok) close(closed.value, true)
    },
    session,
    retry(id) {
      const found = session(id)
      if (!found.ok) return found
      const isConnected = options.accountPods(found.value.view().accountId) !== null
      return isConnected ? found.value.retry() : fail(terminalsText.accountGone)
    },
    tabNames: (podKey) => tabsOf(podKey).map((one) => one.view().name),
    moveTabs(from, to, earlier) {
      const old = tabsOf(from)
      for (const before of old) moveTab(before, to)
      for (const name of earlier.slice(old.length)) openNamed(to, name)
    },
    move(id, index) {
      const moved = session(id)
      if (moved.ok) insert(moved.value, index)
    },
    async attach(id, size) {
      const found = session(id)
      return found.ok ? ok(await found.value.attach(size)) : found
    },
    detach(attachment) {
      for (const { output } of sessions) output.detach(attachment)
    },
    ack(attachment, bytes) {
      for (const { output } of sessions) output.ack(attachment, bytes)
    },
    onLook() {
      for (const each of sessions) each.onLook()
    },
    detachAll() {
      for (const { output } of sessions) output.detachCurrent()
    },
    onSnapshot,
    onWake() {
      for (const each of sessions) each.retryNow()
    },
    dispose() {
      // The tabs are written down once, while they are there.
      if (isDisposed) return
      isDisposed = true
      publisher.dispose()
      rememberTabs()
      records.flush()
      for (const each of sessions) each.close()
      sessions = []
    },
  }
}

const unknownPod = (name: string): TerminalPod => ({
  name,
  target: null,
  unavailableReason: null,
  isStopped: false,
})

const noRouteText = ({ phase }: Pod): string =>
  phase === 'running' ? terminalsText.noSsh : terminalsText.podNotRunning
