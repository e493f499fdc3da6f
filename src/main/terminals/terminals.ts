import { randomUUID } from 'node:crypto'
import type { AccountPods } from '../../core/confirmation/confirmation-prompt'
import type { Monitor } from '../../core/monitor-types'
import {
  type AccountId,
  parsePodKey,
  type Pod,
  type PodKey,
  podKeyOf,
  podNotListedText,
} from '../../core/pods/pod'
import type { Clock } from '../../core/base/clock'
import { fail, ok, type Result } from '../../core/base/result'
import type { Snapshot } from '../../core/view/snapshot'
import {
  MAX_TERMINALS,
  type TerminalOutput,
  type TerminalSize,
  type TerminalSnapshot,
  type TerminalsView,
} from '../../core/terminal/terminal'
import type { TerminalInputTracker } from '../../core/terminal/terminal-input'
import { sshRouteOf } from '../../core/pods/pod-capabilities'
import type { OpenShell } from '../../ssh/connection/ssh-shell'
import type { CreateRemoteEmulator } from './process/remote-emulator'
import { createThrottledPublisher } from './throttled-publisher'
import { toTerminalPod } from './terminal-pod'
import { createTerminalSession, type TerminalSession } from './terminal-session'
import type { TerminalSessionOptions } from './terminal-session-options'
import { terminalsText } from './terminals-text'

export interface TerminalsOptions {
  readonly clock: Clock
  /** 0 ≤ random < 1. */
  readonly random: () => number
  readonly scrollbackLines: () => number
  readonly createEmulator: CreateRemoteEmulator
  readonly openShell: OpenShell
  readonly askHostKey: TerminalSessionOptions['askHostKey']
  readonly askPassphrase: TerminalSessionOptions['askPassphrase']
  /** The pods as last observed; null unless that account is connected. */
  readonly accountPods: (accountId: AccountId) => AccountPods | null
  readonly onTerminalEvent: (accountId: AccountId, ...event: Parameters<Monitor['onTerminalEvent']>) => void
  readonly input: TerminalInputTracker
  readonly publish: (view: TerminalsView) => void
  readonly send: (output: TerminalOutput) => void
}

/** All open terminals, independent of windows. Errors are sentences. */
export interface Terminals {
  view(): TerminalsView
  /** The pod name of each open shell. */
  shells(): readonly string[]
  /** Opens a terminal on the pod; returns its id. */
  open(podKey: PodKey): Result<string, string>
  /** Ends the session and its tab. */
  close(id: string): void
  session(id: string): Result<TerminalSession, string>
  /** Reconnects a terminal. */
  retry(id: string): Result<void, string>
  /** The names of the pod's tabs, in order; null: the pod's own. */
  tabNames(podKey: PodKey): readonly (string | null)[]
  /**
   * Tabs of one pod become tabs of another, in their places and with their names: new sessions, which ask about the
   * host key as always. A shell that is still open keeps a tab behind the new one, because what runs in it would end
   * with it. `earlier`: names of tabs to open where the first pod has none.
   */
  moveTabs(from: PodKey, to: PodKey, earlier: readonly (string | null)[]): void
  /** Moves the tab to this index, starting at 0. */
  move(id: string, index: number): void
  attach(id: string, size: TerminalSize): Promise<Result<TerminalSnapshot, string>>
  detach(attachment: number): void
  ack(attachment: number, bytes: number): void
  /** Called when the window or its page is gone. */
  detachAll(): void
  /** Must be called with each snapshot. */
  onSnapshot(snapshot: Snapshot): void
  /** The computer woke up. */
  onWake(): void
  dispose(): void
}

/** Used until the window reports its size. */
const INITIAL_SIZE: TerminalSize = { columns: 80, rows: 24 }

export function createTerminals(options: TerminalsOptions): Terminals {
  const { clock, input } = options
  let sessions: readonly TerminalSession[] = []
  let attachments = 0
  let liveAccounts: ReadonlySet<AccountId> = new Set()
  const publisher = createThrottledPublisher(clock, (revision) => options.publish(viewAt(revision)))

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
    return ok(add(account.accountId, pod))
  }

  function close(closed: TerminalSession): void {
    continued.delete(closed.view().id)
    sessions = sessions.filter((one) => one !== closed)
    closed.close()
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
    const isKept = state.kind === 'open'
    // It makes room for the new one, which counts against the limit.
    if (!isKept) sessions = sessions.filter((one) => one !== before)
    const added = openNamed(to, name)
    if (added !== null) insert(added, index)
    if (isKept) return
    if (added === null) return insert(before, index)
    close(before)
    continued.set(added.view().id, id)
  }

  function add(accountId: string, pod: Pod): string {
    const { id: podId } = pod
    const id = randomUUID()
    const recordEvent = (event: Parameters<Monitor['onTerminalEvent']>[2]): void => {
      // Nothing is logged for an account that is no longer connected.
      if (options.accountPods(accountId) !== null) options.onTerminalEvent(accountId, podId, pod.name, event)
    }
    const added = createTerminalSession({
      id,
      accountId,
      podId,
      pod: toTerminalPod(accountId, pod),
      emulator: options.createEmulator(INITIAL_SIZE, options.scrollbackLines()),
      openShell: options.openShell,
      clock,
      random: options.random,
      newAttachment: () => (attachments += 1),
      send: options.send,
      askHostKey: options.askHostKey,
      askPassphrase: options.askPassphrase,
      onChange: publisher.requestPublish,
      onInput: () => input.recordInput(podKeyOf(accountId, podId)),
      onOpen: ({ server }) => recordEvent({ kind: 'opened', server }),
      onFailure: (failure) => recordEvent({ kind: 'failed', failure }),
      onEnd: (reason) => recordEvent({ kind: 'ended', reason }),
    })
    sessions = [...sessions, added]
    publisher.requestPublish()
    return id
  }

  function onSnapshot(snapshot: Snapshot): void {
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
          : {
              name: each.view().podName,
              target: null,
              unavailableReason: terminalsText.podGone,
              isStopped: false,
            },
      )
      if (liveAccounts.has(accountId) && !wereLive.has(accountId)) each.retryNow()
    }
  }

  return {
    view: () => viewAt(publisher.revision()),
    shells: () =>
      sessions.flatMap((one) => {
        const { state, podName } = one.view()
        return state.kind === 'open' ? [podName] : []
      }),
    open,
    close(id) {
      const closed = session(id)
      if (closed.ok) close(closed.value)
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
    detachAll() {
      for (const { output } of sessions) output.detachCurrent()
    },
    onSnapshot,
    onWake() {
      for (const each of sessions) each.retryNow()
    },
    dispose() {
      publisher.dispose()
      for (const each of sessions) each.close()
      sessions = []
    },
  }
}

const noRouteText = ({ phase }: Pod): string =>
  phase === 'running' ? terminalsText.noSsh : terminalsText.podNotRunning
