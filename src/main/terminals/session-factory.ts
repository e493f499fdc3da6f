import type { Monitor } from '../../core/monitor/monitor-types'
import { type AccountId, type PodId, podKeyOf } from '../../core/pods/pod'
import type { RememberedTab } from '../../core/terminal/remembered-tabs'
import type { TerminalSize } from '../../core/terminal/terminal'
import { createProgramCopies } from './sessions/program-copies'
import type { TabRecords } from './sessions/tab-records'
import { type TerminalPod, toTerminalPod } from './terminal-pod'
import { createTerminalSession } from './terminal-session'
import type { TerminalSession } from './terminal-session-types'
import type { TerminalsOptions } from './terminals-types'

/** Used until the window reports its size. */
const INITIAL_SIZE: TerminalSize = { columns: 80, rows: 24 }

/** Creates terminals that share what all have, and ends the sessions of those that their owner closed. */
export function sessionFactory(
  options: TerminalsOptions,
  records: TabRecords,
  windowOf: (id: string) => string | null,
  onChange: () => void,
) {
  let attachments = 0

  function create(
    id: string,
    accountId: AccountId,
    podId: PodId,
    pod: TerminalPod,
    restored: RememberedTab | null,
  ): TerminalSession {
    const recordEvent = (event: Parameters<Monitor['onTerminalEvent']>[2]): void => {
      // Nothing is logged for an account that is no longer connected.
      if (options.accountPods(accountId) !== null) options.onTerminalEvent(accountId, podId, pod.name, event)
    }
    const emulator = options.createEmulator(INITIAL_SIZE, options.scrollbackLines())
    const isWindowFocused = (): boolean => options.isWindowFocused(windowOf(id))
    let isClosed = false
    const session = createTerminalSession({
      ...options,
      id,
      accountId,
      podId,
      pod,
      emulator,
      memory: {
        restored,
        isWanted: options.keepsSessions,
        historyLines: options.scrollbackLines,
        endedNames: () => records.endedNames(accountId, podId),
        onOver: (names) => records.removeEnded(names),
        onEnd: (name, isEnding) => void endSession(accountId, podId, name, isEnding),
      },
      newAttachment: () => (attachments += 1),
      send: (output) => options.send(output, windowOf(id)),
      onChange,
      onInput: () => options.input.recordInput(podKeyOf(accountId, podId)),
      isWindowFocused,
      onCommandEnd: (end, isRequested) =>
        recordEvent({ kind: 'command-ended', terminalId: id, end, isRequested }),
      onSeen: () => recordEvent({ kind: 'seen', terminalId: id }),
      onOpen: ({ server }) => recordEvent({ kind: 'opened', server }),
      onFailure: (failure) => recordEvent({ kind: 'failed', failure }),
      onEnd: (reason) => recordEvent({ kind: 'ended', reason }),
    })
    emulator.onCopied(
      createProgramCopies({
        clock: options.clock,
        isEnabled: options.copies.isEnabled,
        isOpen: () => !isClosed,
        isSeen: () => session.output.isAttached() && isWindowFocused(),
        ask: (text) => options.copies.ask(session.view(), text),
        write: options.copies.write,
      }),
    )
    return {
      ...session,
      close(endsSession) {
        isClosed = true
        session.close(endsSession)
      },
    }
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

  return create
}
