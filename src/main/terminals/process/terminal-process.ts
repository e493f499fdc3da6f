import type { Clock } from '../../../core/base/time/clock'
import type { TerminalSize } from '../../../core/terminal/terminal'
import { parseTerminalProcessReply, type TerminalProcessRequest } from '../../../shared/terminal-process'
import type { CreateRemoteEmulator } from './remote-emulator'
import { processText } from './process-text'
import { createRemoteTerminal, type RemoteTerminal } from './remote-terminal'

/** A running process. */
export interface TerminalProcess {
  post(request: TerminalProcessRequest): void
  onMessage(listener: (message: unknown) => void): void
  onExit(listener: () => void): void
  /** Ends it even if it hangs. */
  kill(): void
}

export interface TerminalProcessOptions {
  readonly start: () => TerminalProcess
  readonly clock: Pick<Clock, 'schedule'>
  /** Logs a sentence. */
  readonly report: (message: string) => void
}

interface Running {
  readonly request: number
  readonly kind: TerminalProcessRequest['kind']
  readonly terminal: RemoteTerminal | null
  ticks: number
}

const TICK_MS = 250
/** Without a reply. Counted in ticks, so that time in which the app itself stood still counts as one: 2 s. */
const MAX_TICKS = 8
/** For what takes as long as the scrollback is large, or as a process needs to start: 10 s. */
const MAX_LONG_TICKS = 40

/**
 * Creates emulators whose output is parsed in one process, which runs while there are any. It works on one terminal at
 * a time. If it hangs, or ends twice, the terminal that it worked on fails; the others are drawn anew in another
 * process.
 */
export function createTerminalProcess({
  start,
  clock,
  report,
}: TerminalProcessOptions): CreateRemoteEmulator {
  let terminals: readonly RemoteTerminal[] = []
  /** Those that the process has open and nobody needs. */
  let closing: number[] = []
  let lastId = 0
  let child: TerminalProcess | null = null
  let running: Running | null = null
  /** Those that a process worked on when it ended. It may have been chance, but not twice. */
  const suspects = new WeakSet<RemoteTerminal>()
  let requests = 0
  let isTicking = false

  function run(): void {
    while (running === null) {
      const closed = closing.shift()
      if (closed !== undefined) {
        send({ kind: 'close', request: (requests += 1), terminal: closed }, null)
        continue
      }
      const next = terminals.find((one) => one.hasWork())
      if (next === undefined) return
      // One after the other.
      terminals = [...terminals.filter((one) => one !== next), next]
      const task = next.nextTask()
      if (task !== null) send({ ...task, request: (requests += 1), terminal: next.id }, next)
    }
  }

  function send(request: TerminalProcessRequest, terminal: RemoteTerminal | null): void {
    child ??= started()
    running = { request: request.request, kind: request.kind, terminal, ticks: 0 }
    if (!isTicking) scheduleTick()
    child.post(request)
  }

  function started(): TerminalProcess {
    const process = start()
    process.onMessage((message) => {
      if (child === process) onMessage(message)
    })
    process.onExit(() => {
      if (child === process) onEnd('ended')
    })
    return process
  }

  function onMessage(message: unknown): void {
    const reply = parseTerminalProcessReply(message)
    if (reply === null || reply.request !== running?.request) {
      onEnd('invalid')
      return
    }
    const replied = running
    replied.terminal?.onReply(reply)
    if (running === replied) running = null
    run()
  }

  function onEnd(how: 'hung' | 'ended' | 'invalid'): void {
    report(`The terminal process ${how === 'invalid' ? 'sent invalid data' : how}.`)
    const atWork = running?.terminal ?? null
    stop()
    for (const terminal of terminals) terminal.onProcessEnd()
    if (atWork !== null) {
      if (how === 'hung' || suspects.has(atWork))
        atWork.fail(how === 'hung' ? processText.stuck : processText.failed)
      suspects.add(atWork)
    }
    run()
  }

  function stop(): void {
    const stopped = child
    child = null
    running = null
    closing = []
    stopped?.kill()
  }

  function scheduleTick(): void {
    isTicking = true
    clock.schedule(TICK_MS, () => {
      isTicking = false
      if (running === null) return
      running.ticks += 1
      const isLong = running.kind !== 'write' && running.kind !== 'continue'
      if (running.ticks >= (isLong ? MAX_LONG_TICKS : MAX_TICKS)) onEnd('hung')
      else scheduleTick()
    })
  }

  function remove(terminal: RemoteTerminal): void {
    terminals = terminals.filter((one) => one !== terminal)
    if (terminals.length === 0) return stop()
    if (terminal.isOpen() || running?.terminal === terminal) closing.push(terminal.id)
    run()
  }

  return (size: TerminalSize, scrollbackLines: number) => {
    const terminal = createRemoteTerminal({
      id: (lastId += 1),
      size,
      scrollbackLines,
      clock,
      onWork: run,
      onDispose: () => remove(terminal),
    })
    terminals = [...terminals, terminal]
    run()
    return terminal.emulator
  }
}
