import { podKeyOf } from '../../core/pods/pod'
import { fail, ok } from '../../core/base/result'
import type { TerminalConnection, TerminalSize } from '../../core/terminal/terminal'
import {
  canReconnect,
  isSolvedByStart,
  newTerminalLifecycle,
  restoredLifecycle,
  type TerminalEvent,
  withTerminalEvent,
} from '../../core/terminal/terminal-state'
import { terminalTitle } from '../../core/terminal/terminal-title'
import type { ShellEnd, SshShell } from '../../ssh/connection/ssh-shell'
import { openPodShell } from './connect-prompts'
import { createOutputStream } from './output/output-stream'
import { CONNECTION_LOST_LINE, resetSequence } from './reset-sequence'
import { trackRoundTrip } from './output/round-trip'
import { createCommandWatch } from './sessions/command-watch'
import { createFolderWatch } from './sessions/folder-watch'
import { createPodReconnect } from './pod-reconnect'
import { createSessionMemory } from './sessions/session-memory'
import { createSessionInput } from './input/session-input'
import type { TerminalSession, TerminalSessionOptions } from './terminal-session-types'

export function createTerminalSession(options: TerminalSessionOptions): TerminalSession {
  const { id, accountId, podId, emulator, clock, onChange } = options
  const { restored } = options.memory
  let lifecycle = restored === null ? newTerminalLifecycle : restoredLifecycle
  let pod = options.pod
  let name = restored?.name ?? null
  let title = ''
  let connection: TerminalConnection | null = null
  let shell: SshShell | null = null
  let attempt = new AbortController()
  let cancelTimer = (): void => {}
  let isClosed = false

  const output = createOutputStream({
    ...options,
    terminalId: id,
    setPaused: (isPaused) => (isPaused ? shell?.pause() : shell?.resume()),
    onSpeed: (bytesPerMs) => shell?.setReadingSpeed(bytesPerMs),
  })
  const memory = createSessionMemory({
    ...options.memory,
    podStartedAtMs: () => pod.target?.startedAtMs ?? null,
    onForeground: (command) => commands.on({ kind: 'foreground', command }),
    onChange,
  })
  const commands = createCommandWatch({
    ...options,
    isRequested: restored?.isCommandWatched ?? false,
    isSeen: () => output.isAttached() && options.isWindowFocused(),
  })
  const folder = createFolderWatch()
  const input = createSessionInput({
    shell: () => shell,
    replies: (text) => memory.replies(text),
    onInput(bytes) {
      options.onInput()
      // Typing at the first prompt is reported after it.
      emulator.whenStarted(() => commands.typed(bytes))
    },
    onChange,
  })
  const podReconnect = createPodReconnect({
    pod: () => pod,
    lifecycle: () => lifecycle,
    isShown: () => output.isAttached(),
    apply,
    connectAgain,
  })
  input.onStateChange(lifecycle.state.kind)
  emulator.onReply(input.reply)
  emulator.onMarks((marks) => marks.forEach((mark) => commands.on({ kind: 'mark', mark })))
  emulator.onFolders(folder.onReports)
  emulator.onCursorLine((line) => commands.on({ kind: 'output', line }))
  emulator.onTitle((text) => {
    title = terminalTitle(text)
    onChange()
  })
  emulator.onFailure((reason) => end(reason, false))

  function apply(event: TerminalEvent): void {
    const before = lifecycle
    lifecycle = withTerminalEvent(lifecycle, event, clock.now(), options.random())
    if (lifecycle === before) return
    cancelTimer()
    input.onStateChange(lifecycle.state.kind)
    if (lifecycle.state.kind !== 'open') connection = null
    if (lifecycle.state.kind === 'waiting')
      cancelTimer = clock.schedule(lifecycle.state.nextTryAtMs - clock.now().wallMs, () => retryNow())
    if (lifecycle.state.kind === 'ended' && !['ended', 'detached', 'failed'].includes(before.state.kind))
      options.onEnd(lifecycle.state.reason)
    onChange()
  }

  function retryNow(): void {
    if (lifecycle.state.kind === 'waiting') connectAgain()
  }

  function connectAgain(): void {
    apply({ kind: 'retry' })
    void connect()
  }

  async function connect(): Promise<void> {
    const current = (attempt = new AbortController())
    podReconnect.onAttempt()
    const size = emulator.size()
    const opened = await openPodShell(pod, size, options, current.signal, memory.request(), apply)
    if (current !== attempt || current.signal.aborted) {
      if (opened.ok) opened.value.close()
      return
    }
    if (!opened.ok) {
      options.onFailure(opened.error)
      apply({ kind: 'failed', failure: opened.error })
      podReconnect.closeIfUnavailable()
      return
    }
    // Output of the previous shell is shown first.
    await output.whenParsed()
    if (current.signal.aborted) opened.value.close()
    else onShellOpened(opened.value, size)
  }

  function onShellOpened(opened: SshShell, requestedSize: TerminalSize): void {
    shell = opened
    title = ''
    connection = { server: opened.server, hostKey: opened.hostKey, roundTripMs: null }
    const size = emulator.size()
    if (size.columns !== requestedSize.columns || size.rows !== requestedSize.rows) opened.resize(size)
    if (output.isPaused()) opened.pause()
    options.onOpen(connection)
    commands.on({ kind: 'opened', isSame: opened.session?.kind === 'attached' })
    memory.onOpened(opened)
    folder.onOpened()
    // The shell may already have ended, which it reports to the first listener.
    apply({ kind: 'opened' })
    opened.onData((bytes) => {
      if (shell === opened) output.receive(bytes)
    })
    opened.onEnd((shellEnd) => {
      if (shell === opened) onShellEnded(shellEnd)
    })
    if (shell !== opened) return
    cancelTimer = trackRoundTrip(opened, clock, output, (roundTripMs) => {
      connection = connection && { ...connection, roundTripMs }
      onChange()
    })
    input.sendBuffered(opened)
  }

  function onShellEnded(shellEnd: ShellEnd): void {
    shell = null
    const isLost = shellEnd.kind === 'lost'
    commands.on(isLost ? { kind: 'lost', isKept: memory.view().isKept } : { kind: 'exited' })
    if (!isLost) memory.onExited()
    void resetScreen(isLost ? CONNECTION_LOST_LINE : '')
    apply(
      isLost
        ? { kind: 'lost', reason: shellEnd.reason }
        : { kind: 'exited', exitCode: shellEnd.code, signal: shellEnd.signal },
    )
    if (isLost) podReconnect.closeIfUnavailable()
  }

  /** Modes that an interrupted program left set must not affect the next shell. */
  async function resetScreen(line: string): Promise<void> {
    await output.whenParsed()
    if (!isClosed) output.receive(Buffer.from(resetSequence(emulator.isOnAlternateScreen()) + line))
  }

  function abortConnection(): void {
    attempt.abort()
    const last = shell
    shell = null
    last?.close()
  }

  function end(reason: string, isPodStopped: boolean): void {
    const hadShell = shell !== null
    abortConnection()
    commands.on({ kind: 'lost', isKept: false })
    apply({ kind: 'close', reason, isPodStopped })
    if (hadShell) void resetScreen(CONNECTION_LOST_LINE)
  }

  function resize(size: TerminalSize): void {
    const { columns, rows } = emulator.size()
    if (columns === size.columns && rows === size.rows) return
    emulator.resize(size)
    shell?.resize(size)
  }

  if (restored === null) void connect()
  return {
    view: () => ({
      id,
      accountId,
      podId,
      podKey: podKeyOf(accountId, podId),
      podName: pod.name,
      name,
      title,
      state: lifecycle.state,
      connection,
      bufferedInput: input.view(),
      isCommandWatched: commands.isRequested(),
      ...memory.view(),
    }),

    updatePod(updated) {
      if (updated === null) return
      const isRenamed = updated.name !== pod.name
      pod = updated
      if (updated.unavailableReason !== null) end(updated.unavailableReason, updated.isStopped)
      else if (isSolvedByStart(lifecycle) || lifecycle.state.kind === 'detached')
        podReconnect.reconnectIfPodRuns()
      else if (podReconnect.hasOtherTarget()) retryNow()
      if (isRenamed) onChange()
    },
    end: (reason) => end(reason, false),
    retryNow,

    retry() {
      if (!canReconnect(lifecycle)) return ok(undefined)
      if (pod.unavailableReason !== null) return fail(pod.unavailableReason)
      abortConnection()
      apply({ kind: 'connect' })
      void connect()
      return ok(undefined)
    },
    rename(newName) {
      name = newName
      onChange()
    },
    doesShow: (address) => emulator.doesShow(address),
    folder: () => folder.current(shell),

    attach(size) {
      shell?.resize(size)
      const attached = output.attach(size)
      commands.checkSeen()
      podReconnect.reconnectIfPodRuns()
      return attached
    },
    output,

    type: input.type,
    resize,
    clear() {
      emulator.clear()
      memory.clearHistory()
    },
    dismissNotice: () => memory.dismissNotice(),
    notifyOfCommand: commands.request,
    onFocus: commands.checkSeen,
    remembered() {
      const session = memory.remembered()
      return (
        session && {
          ...session,
          accountId,
          podId,
          podName: pod.name,
          name,
          isCommandWatched: commands.isRequested(),
        }
      )
    },

    close(endsSession = false) {
      isClosed = true
      cancelTimer()
      commands.seen()
      commands.dispose()
      if (endsSession) shell = memory.end(shell)
      abortConnection()
      output.detachCurrent()
      emulator.dispose()
    },
  }
}
