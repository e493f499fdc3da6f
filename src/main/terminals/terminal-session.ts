import type { Clock } from '../../core/base/clock'
import { fail, ok, type Result } from '../../core/base/result'
import type { TerminalLink, TerminalScreen, TerminalSize, TerminalView } from '../../core/terminal/terminal'
import type { SshFailure } from '../../core/terminal/host-key'
import { isAutomaticReply } from '../../core/terminal/terminal-input'
import {
  isResting,
  newTerminalLife,
  type TerminalEvent,
  withTerminalEvent,
} from '../../core/terminal/terminal-state'
import { terminalTitle } from '../../core/terminal/terminal-title'
import type { OpenShell, ShellEnd, SshShell, SshTarget } from '../../ssh/connection/ssh-shell'
import type { Emulator } from './emulator'
import { createHostKeyQuestions } from './host-key-questions'
import { createAttendant } from './connect-prompts'
import { createOutputPath, type OutputPath, type OutputPathOptions } from './output-stream'
import { LOST_LINE, resetSequence } from './reset-sequence'
import { followRoundTrip } from './round-trip'
import type { SeenPod } from './seen-pod'
import { createTypeAhead } from './type-ahead'

/** One tab: what it shows, and the shell behind it while there is one. */
export interface TerminalSession {
  readonly view: () => TerminalView
  /** To be told after each look at the pods; null: the pod is not to be seen now, which says nothing. */
  lookAt(pod: SeenPod | null): void
  /** There is nothing to connect to any more; `reason` is a sentence. */
  end(reason: string): void
  /** Something that it may wait for has come: the network is back, or the computer is awake. */
  hasten(): void
  retry(): Result<void, string>
  rename(name: string | null): void
  answerHostKey(fingerprint: string, isTrusted: boolean): Result<void, string>
  attach(size: TerminalSize): Promise<TerminalScreen>
  readonly output: Pick<OutputPath, 'detach' | 'detachAny' | 'ack' | 'pendingBytes'>
  type(text: string, as: 'text' | 'bytes'): Result<void, string>
  resize(size: TerminalSize): void
  readonly clear: () => void
  close(): void
}

export interface TerminalSessionOptions extends Pick<OutputPathOptions, 'newAttachment' | 'send'> {
  readonly id: string
  readonly accountId: string
  readonly podId: string
  readonly pod: SeenPod
  readonly emulator: Emulator
  readonly openShell: OpenShell
  readonly clock: Clock
  /** 0 ≤ random < 1. */
  readonly random: () => number
  readonly askPassphrase: (keyName: string, isAgain: boolean, signal: AbortSignal) => Promise<string | null>
  /** Its view is another. */
  readonly onChange: () => void
  /** Somebody typed. */
  readonly onInput: () => void
  readonly onOpen: (link: TerminalLink) => void
  readonly onFailure: (failure: SshFailure) => void
  readonly onEnd: (reason: string) => void
}

export function createTerminalSession(options: TerminalSessionOptions): TerminalSession {
  const { id, accountId, podId, emulator, clock, onChange } = options
  let life = newTerminalLife
  let pod = options.pod
  let name: string | null = null
  let title = ''
  let link: TerminalLink | null = null
  let shell: SshShell | null = null
  let attempt = new AbortController()
  /** Where the last try went to, so that another place is tried at once. */
  let triedTarget = ''
  let cancelTimer = (): void => {}
  let isClosed = false

  const ahead = createTypeAhead()
  const questions = createHostKeyQuestions((question) => apply({ kind: 'host-key', question }))
  const output = createOutputPath({
    terminalId: id,
    emulator,
    newAttachment: options.newAttachment,
    send: options.send,
    reply: (text) => shell?.write(Buffer.from(text)),
    setPaused: (isPaused) => (isPaused ? shell?.pause() : shell?.resume()),
  })
  emulator.onTitle((text) => {
    title = terminalTitle(text)
    onChange()
  })

  function apply(event: TerminalEvent): void {
    const before = life
    life = withTerminalEvent(life, event, clock.now(), options.random())
    if (life === before) return
    cancelTimer()
    ahead.follow(life.state.kind)
    if (life.state.kind !== 'open') link = null
    if (life.state.kind === 'waiting')
      cancelTimer = clock.schedule(life.state.nextTryAtMs - clock.now().wallMs, () => hasten())
    if (life.state.kind === 'ended' && before.state.kind !== 'ended') options.onEnd(life.state.reason)
    onChange()
  }

  function hasten(): void {
    if (life.state.kind !== 'waiting') return
    apply({ kind: 'due' })
    void connect()
  }

  async function connect(): Promise<void> {
    const mine = (attempt = new AbortController())
    triedTarget = JSON.stringify(pod.target)
    const size = emulator.size()
    const opened = await seek(pod.target, size, mine.signal)
    if (mine !== attempt || mine.signal.aborted) {
      if (opened.ok) opened.value.close()
      return
    }
    if (!opened.ok) {
      options.onFailure(opened.error)
      apply({ kind: 'failed', failure: opened.error })
      return
    }
    // What was written when the last one ended comes first.
    await output.settled()
    if (mine.signal.aborted) opened.value.close()
    else take(opened.value, size)
  }

  async function seek(
    target: SshTarget | null,
    size: TerminalSize,
    signal: AbortSignal,
  ): Promise<Result<SshShell, SshFailure>> {
    if (target === null) return fail({ kind: 'no-route' })
    const tell = (event: TerminalEvent): void => {
      // A try that was given up says nothing of the next one.
      if (!signal.aborted) apply(event)
    }
    const attendant = createAttendant(questions, options.askPassphrase, tell)
    try {
      return await options.openShell(target, size, attendant, signal)
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause)
      return fail({ kind: 'no-shell', message: `Podkeeper stumbled: ${message}` })
    }
  }

  function take(opened: SshShell, sizeAsked: TerminalSize): void {
    shell = opened
    title = ''
    link = { server: opened.server, hostKey: opened.hostKey, roundTripMs: null }
    const size = emulator.size()
    if (size.columns !== sizeAsked.columns || size.rows !== sizeAsked.rows) opened.resize(size)
    if (output.isPaused()) opened.pause()
    options.onOpen(link)
    // It may have ended by now, which it tells as soon as somebody listens.
    apply({ kind: 'opened' })
    opened.onData((bytes) => {
      if (shell === opened) output.receive(bytes)
    })
    opened.onEnd((how) => {
      if (shell === opened) lose(how)
    })
    if (shell !== opened) return
    cancelTimer = followRoundTrip(opened, clock, output, (roundTripMs) => {
      link = link && { ...link, roundTripMs }
      onChange()
    })
    const early = ahead.take()
    if (early !== null) write(opened, early)
  }

  function lose(how: ShellEnd): void {
    shell = null
    const isLost = how.kind === 'lost'
    void leaveScreen(isLost ? LOST_LINE : '')
    apply(
      isLost
        ? { kind: 'lost', reason: how.reason }
        : { kind: 'exited', exitCode: how.code, signal: how.signal },
    )
    // The list may have told already that there is nothing to go back to.
    if (isLost && pod.over !== null) apply({ kind: 'over', reason: pod.over })
  }

  /** What a program that was cut off left set must not hold for the next shell. */
  async function leaveScreen(line: string): Promise<void> {
    await output.settled()
    if (!isClosed) output.receive(Buffer.from(resetSequence(emulator.isOnAlternateScreen()) + line))
  }

  /** Of a person. */
  function write(to: SshShell, bytes: Uint8Array): void {
    options.onInput()
    to.write(bytes)
  }

  function type(text: string, as: 'text' | 'bytes'): Result<void, string> {
    const bytes = Buffer.from(text, as === 'text' ? 'utf8' : 'latin1')
    const before = ahead.view()
    let typed: Result<void, string> = ok(undefined)
    if (isAutomaticReply(text)) shell?.write(bytes)
    else if (shell === null) typed = ahead.keep(bytes)
    else {
      write(shell, bytes)
      ahead.forget()
    }
    if (ahead.view() !== before) onChange()
    return typed
  }

  function drop(): void {
    attempt.abort()
    questions.drop()
    const last = shell
    shell = null
    last?.close()
  }

  function end(reason: string): void {
    const hadShell = shell !== null
    drop()
    apply({ kind: 'over', reason })
    if (hadShell) void leaveScreen(LOST_LINE)
  }

  function resize(size: TerminalSize): void {
    const { columns, rows } = emulator.size()
    if (columns === size.columns && rows === size.rows) return
    emulator.resize(size)
    shell?.resize(size)
  }

  void connect()
  return {
    view: () => ({
      id,
      accountId,
      podId,
      podName: pod.name,
      name,
      title,
      state: life.state,
      link,
      typedAhead: ahead.view(),
    }),

    lookAt(seen) {
      if (seen === null) return
      const isRenamed = seen.name !== pod.name
      pod = seen
      if (seen.over !== null) end(seen.over)
      else if (seen.target !== null && JSON.stringify(seen.target) !== triedTarget) hasten()
      if (isRenamed) onChange()
    },
    end,
    hasten,

    retry() {
      if (!isResting(life)) return ok(undefined)
      if (pod.over !== null) return fail(pod.over)
      drop()
      apply({ kind: 'asked' })
      void connect()
      return ok(undefined)
    },
    rename(wanted) {
      name = wanted
      onChange()
    },
    answerHostKey: questions.answer,

    attach(size) {
      shell?.resize(size)
      return output.attach(size)
    },
    output,

    type,
    resize,
    clear: () => emulator.clear(),

    close() {
      isClosed = true
      cancelTimer()
      drop()
      output.detachAny()
      // Whoever still waits for it to be read gets an answer.
      void output.settled().then(() => emulator.dispose())
    },
  }
}
