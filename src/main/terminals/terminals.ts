import { randomUUID } from 'node:crypto'
import type { AccountPods } from '../../core/confirmation/confirmation-prompt'
import type { Monitor } from '../../core/monitor-types'
import { type AccountId, parsePodKey, type Pod, type PodKey, podKeyOf } from '../../core/pods/pod'
import type { Clock } from '../../core/base/clock'
import { fail, ok, type Result } from '../../core/base/result'
import type { Snapshot } from '../../core/view/snapshot'
import type {
  TerminalOutput,
  TerminalSize,
  TerminalSnapshot,
  TerminalsView,
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

const MAX_TERMINALS = 50
/** Used until the window reports its size. */
const INITIAL_SIZE: TerminalSize = { columns: 80, rows: 24 }

export function createTerminals(options: TerminalsOptions): Terminals {
  const { clock, input } = options
  let sessions: readonly TerminalSession[] = []
  let attachments = 0
  let liveAccounts: ReadonlySet<AccountId> = new Set()
  const publisher = createThrottledPublisher(clock, (revision) => options.publish(viewAt(revision)))

  const viewAt = (revision: number): TerminalsView => ({
    revision,
    terminals: sessions.map((one) => one.view()),
  })

  function session(id: string): Result<TerminalSession, string> {
    const found = sessions.find((one) => one.view().id === id)
    return found ? ok(found) : fail(terminalsText.terminalClosed)
  }

  function open(podKey: PodKey): Result<string, string> {
    const { accountId, podId } = parsePodKey(podKey)
    const account = options.accountPods(accountId)
    const pod = account?.pods.find(({ id }) => id === podId)
    if (!account || !pod) return fail(terminalsText.podNotListed)
    if (sshRouteOf(pod) === null) return fail(noRouteText(pod))
    if (sessions.length >= MAX_TERMINALS) return fail(terminalsText.tooMany(MAX_TERMINALS))
    return ok(add(account.accountId, pod))
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
      if (!closed.ok) return
      sessions = sessions.filter((one) => one !== closed.value)
      closed.value.close()
      publisher.requestPublish()
    },
    session,
    retry(id) {
      const found = session(id)
      if (!found.ok) return found
      const isConnected = options.accountPods(found.value.view().accountId) !== null
      return isConnected ? found.value.retry() : fail(terminalsText.accountGone)
    },
    move(id, index) {
      const moved = session(id)
      if (!moved.ok) return
      const others = sessions.filter((one) => one !== moved.value)
      sessions = [...others.slice(0, index), moved.value, ...others.slice(index)]
      publisher.requestPublish()
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
