import { randomUUID } from 'node:crypto'
import type { SeenAccount } from '../../core/confirmation/confirmation-prompt'
import type { Monitor } from '../../core/monitor'
import type { Pod } from '../../core/pods/pod'
import type { Clock } from '../../core/base/clock'
import { fail, ok, type Result } from '../../core/base/result'
import type { Snapshot } from '../../core/view/snapshot'
import type {
  TerminalOutput,
  TerminalScreen,
  TerminalSize,
  TerminalsView,
} from '../../core/terminal/terminal'
import type { TerminalInput } from '../../core/terminal/terminal-input'
import { sshRouteOf } from '../../core/pods/pod-capabilities'
import type { OpenShell } from '../../ssh/connection/ssh-shell'
import type { CreateEmulator, Emulator } from './emulator'
import { createPublisher } from './throttled-publisher'
import { seenPod } from './seen-pod'
import { createTerminalSession, type TerminalSession, type TerminalSessionOptions } from './terminal-session'

export interface TerminalsOptions {
  readonly clock: Clock
  /** 0 ≤ random < 1. */
  readonly random: () => number
  readonly scrollbackLines: () => number
  /** It comes with the first terminal; the start does without it. */
  readonly loadEmulator: () => Promise<CreateEmulator>
  readonly openShell: OpenShell
  readonly askPassphrase: TerminalSessionOptions['askPassphrase']
  /** The pods as the picture shows them; null: no account is connected. */
  readonly seen: () => SeenAccount | null
  readonly noteTerminal: Monitor['noteTerminal']
  readonly input: TerminalInput
  readonly publish: (view: TerminalsView) => void
  readonly send: (output: TerminalOutput) => void
}

/** All terminals that are open, whatever windows there are. Errors are sentences. */
export interface Terminals {
  view(): TerminalsView
  /** The names of the pods that shells are open on, one for each shell. */
  shells(): readonly string[]
  /** A new one on the pod; its id. */
  open(podId: string): Promise<Result<string, string>>
  /** Ends it and its tab. */
  close(id: string): void
  session(id: string): Result<TerminalSession, string>
  /** Connects one again. */
  retry(id: string): Result<void, string>
  /** To this place among the tabs, from 0. */
  move(id: string, index: number): void
  attach(id: string, size: TerminalSize): Promise<Result<TerminalScreen, string>>
  detach(attachment: number): void
  ack(attachment: number, bytes: number): void
  /** The window that they were attached to is gone, or its page is. */
  detachAll(): void
  /** To be told of each snapshot. */
  look(snapshot: Snapshot): void
  /** The computer is awake again. */
  wake(): void
  dispose(): void
}

const OTHER_ACCOUNT = 'Its account is not connected any more.'
const MAX_TERMINALS = 50
/** Until its window says how large it is. */
const FIRST_SIZE: TerminalSize = { columns: 80, rows: 24 }

export function createTerminals(options: TerminalsOptions): Terminals {
  const { clock, input } = options
  let sessions: readonly TerminalSession[] = []
  let attachments = 0
  let wasLive = false
  let opening = 0
  let isDisposed = false
  const publisher = createPublisher(clock, (revision) => options.publish(viewAt(revision)))

  const viewAt = (revision: number): TerminalsView => ({
    revision,
    terminals: sessions.map((one) => one.view()),
  })

  function session(id: string): Result<TerminalSession, string> {
    const found = sessions.find((one) => one.view().id === id)
    return found ? ok(found) : fail('That terminal is closed.')
  }

  async function open(podId: string): Promise<Result<string, string>> {
    const account = options.seen()
    const pod = account?.pods.find(({ id }) => id === podId)
    if (!account || !pod) return fail('That pod is not in the list any more.')
    if (sshRouteOf(pod) === null) return fail(noWayWords(pod))
    if (sessions.length + opening >= MAX_TERMINALS)
      return fail(`There are ${MAX_TERMINALS} terminals already. Close one first.`)
    opening += 1
    try {
      const emulatorOf = await options.loadEmulator()
      if (isDisposed) return fail('Podkeeper quits.')
      return ok(add(account.accountId, pod, emulatorOf(FIRST_SIZE, options.scrollbackLines())))
    } finally {
      opening -= 1
    }
  }

  function add(accountId: string, pod: Pod, emulator: Emulator): string {
    const { id: podId } = pod
    const id = randomUUID()
    const note = (news: Parameters<Monitor['noteTerminal']>[2]): void => {
      // Of an account that is not connected any more nothing is written down.
      if (options.seen()?.accountId === accountId) options.noteTerminal(podId, pod.name, news)
    }
    const added = createTerminalSession({
      id,
      accountId,
      podId,
      pod: seenPod(accountId, pod),
      emulator,
      openShell: options.openShell,
      clock,
      random: options.random,
      newAttachment: () => (attachments += 1),
      send: options.send,
      askPassphrase: options.askPassphrase,
      onChange: publisher.request,
      onInput: () => input.note(podId),
      onOpen: ({ server }) => note({ kind: 'opened', server }),
      onFailure: (failure) => note({ kind: 'failed', failure }),
      onEnd: (reason) => note({ kind: 'ended', reason }),
    })
    sessions = [...sessions, added]
    publisher.request()
    return id
  }

  function look(snapshot: Snapshot): void {
    const isLive = snapshot.connection.kind === 'live'
    const isBack = isLive && !wasLive
    wasLive = isLive
    if (sessions.length === 0) return
    const account = options.seen()
    for (const each of sessions) {
      const { accountId, podId } = each.view()
      if (account?.accountId !== accountId) {
        each.end(OTHER_ACCOUNT)
        continue
      }
      // Before the first list nothing is known to be gone.
      if (snapshot.pictureAtMs === null) continue
      const pod = account.pods.find(({ id }) => id === podId)
      each.lookAt(
        pod ? seenPod(accountId, pod) : { name: each.view().podName, target: null, over: 'The pod is gone.' },
      )
      if (isBack) each.hasten()
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
      publisher.request()
    },
    session,
    retry(id) {
      const found = session(id)
      if (!found.ok) return found
      const isOfThisAccount = options.seen()?.accountId === found.value.view().accountId
      return isOfThisAccount ? found.value.retry() : fail(OTHER_ACCOUNT)
    },
    move(id, index) {
      const moved = session(id)
      if (!moved.ok) return
      const others = sessions.filter((one) => one !== moved.value)
      sessions = [...others.slice(0, index), moved.value, ...others.slice(index)]
      publisher.request()
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
      for (const { output } of sessions) output.detachAny()
    },
    look,
    wake() {
      for (const each of sessions) each.hasten()
    },
    dispose() {
      isDisposed = true
      publisher.dispose()
      for (const each of sessions) each.close()
      sessions = []
    },
  }
}

const noWayWords = ({ phase }: Pod): string =>
  phase === 'running'
    ? 'The pod publishes no way in by SSH. Expose its port 22/tcp, or make it with SSH.'
    : 'The pod does not run. Start it first.'
