import { randomBytes } from 'node:crypto'
import { asciiText, type ControlEvent, createControlParser } from '../../core/terminal/tmux/control-parser'
import { captureCommands, parseScreenState, redrawnScreen } from '../../core/terminal/tmux/redraw'
import {
  BEAT_INTERVAL_MS,
  beatCommand,
  continueCommand,
  FOLDER_COMMAND,
  isPauseNotice,
  keyCommands,
  OVER,
  reportedCommand,
  sizeCommand,
  WATCH_COMMAND,
} from '../../core/terminal/tmux/session-scripts'
import { parseTmuxFolder } from '../../core/files/shell-folder'
import type { TerminalSize } from '../../core/terminal/terminal'
import type { ShellEnd, SshShell } from '../connection/ssh-shell'
import { createControlCommands, NOT_TMUX } from './control-commands'
import { createControlOutput } from './control-output'
import { createTurnLimit } from './turn-limit'

export const newNonce = (): string => randomBytes(12).toString('hex')

export interface ControlShellOptions {
  readonly nonce: string
  /** Starts tmux in control mode. */
  readonly script: string
  readonly size: TerminalSize
  readonly historyLines: number
  /** Whether the script starts the session, whose output then begins with its beginning. */
  readonly isNew: boolean
}

/** How long a session may take to end, ms. */
const END_LIMIT_MS = 3_000

/** How long it may take to ask for the folder, ms. */
const FOLDER_LIMIT_MS = 2_000

/** A program may change to another screen meanwhile, and the terminal to another size. */
const MAX_TRIES = 3

/** tmux sends a control character as four bytes. */
const MAX_ESCAPED_BYTES = 4

const LEFT = 'The pod let go of the session.'

/**
 * A shell in a session of tmux, over a channel to `sh`: what programs print in it and what is typed pass unchanged.
 * Null: tmux didn't start, and the connection is closed.
 */
export function openControlShell(
  channel: SshShell,
  options: ControlShellOptions,
  signal: AbortSignal,
): Promise<SshShell | null> {
  const parser = createControlParser()
  const commands = createControlCommands(channel, (reason) => giveUp(reason))
  const { run } = commands
  let state: 'starting' | 'drawing' | 'open' | 'ended' = 'starting'
  let pane: number | null = null
  let isDrawing = !options.isNew
  /** A pause was reported while the screen was being drawn: it is drawn once more. */
  let isDrawnAgain = false
  let { size } = options
  let isOver = false
  const output = createControlOutput(() => giveUp(NOT_TMUX))
  let onCommand: ((name: string) => void) | null = null
  let lastCommand: string | null = null
  let isPaused = false
  const turn = createTurnLimit(() => state !== 'ended' && updateFlow())
  let end: ShellEnd | null = null
  const endListeners: ((end: ShellEnd) => void)[] = []
  /** Ends a session whose pod does what tmux never does. */
  let giveUp = (_reason: string): void => {}

  /** Receives no more than the reader takes, and than one turn may have. */
  function updateFlow(): void {
    const isHeld = state === 'open' && (isPaused || !output.hasReader())
    if (isHeld || turn.isFull()) channel.pause()
    else channel.resume()
  }

  return new Promise((resolve) => {
    const settle = (shell: SshShell | null): void => {
      signal.removeEventListener('abort', onAbort)
      if (shell === null) {
        state = 'ended'
        channel.close()
      }
      resolve(shell)
    }
    const onAbort = (): void => settle(null)

    function open(): void {
      state = 'open'
      run(WATCH_COMMAND)
      updateFlow()
      settle(shell)
    }

    /**
     * Draws the whole screen. tmux carries out one line of commands at one moment, so that what follows its replies
     * follows the screen.
     */
    function draw(isAlternate: boolean, triesLeft: number, first: readonly string[] = []): void {
      isDrawing = true
      const { line, replies } = captureCommands(isAlternate, options.historyLines)
      run([...first, line].join(' ; '), first.length + replies, (all) => {
        const bodies = all.slice(first.length).map(({ body }) => body)
        const screen = redrawnScreen(bodies)
        const fields = parseScreenState(bodies[0] ?? new Uint8Array(0))?.fields
        const hasSize = fields?.pane_width === size.columns && fields.pane_height === size.rows
        if (screen !== null && (hasSize || triesLeft === 0)) {
          isDrawing = false
          output.deliver(screen)
          if (state === 'drawing') open()
          if (isDrawnAgain && pane !== null) drawAfterPause(pane)
        } else if (fields === undefined || triesLeft === 0) channel.close()
        else draw(fields.alternate_on === 1, triesLeft - 1)
      })
    }

    /** One at a time, however many pauses a pod reports. */
    function drawAfterPause(paused: number): void {
      isDrawnAgain = isDrawing
      if (!isDrawing) draw(false, MAX_TRIES, [continueCommand(paused)])
    }

    function start(): void {
      state = 'drawing'
      beat()
      run(sizeCommand(size))
      run(`display-message -p '#{pane_id},#{alternate_on}'`, 1, ([reply]) => {
        const [, id, alternate] =
          /^%(\d{1,9}),([01])$/.exec(asciiText(reply?.body.subarray(0, 40) ?? new Uint8Array(0))) ?? []
        if (id === undefined) return settle(null)
        pane = Number(id)
        if (options.isNew) open()
        else draw(alternate === '1', MAX_TRIES)
      })
    }

    function take(event: ControlEvent): void {
      if (event.kind === 'output') {
        // What comes before a screen is part of it.
        if (!isDrawing && (pane === null || event.pane === pane)) output.add(event.bytes)
      } else if (event.kind === 'reply') {
        output.flush()
        if (event.isOurs) commands.onReply(event)
      } else if (event.text === OVER) isOver = true
      else if (isPauseNotice(event.text) && pane !== null) {
        output.flush()
        drawAfterPause(pane)
      } else if (state === 'starting' && event.text.startsWith('%session-changed ')) start()
      else {
        const command = reportedCommand(event.text)
        if (command === null) return
        lastCommand = command
        onCommand?.(command)
      }
    }

    let beats = 0
    const beat = (): void => run(beatCommand(options.nonce, (beats += 1)))
    const beating = setInterval(() => state === 'open' && beat(), BEAT_INTERVAL_MS)

    function finish(how: ShellEnd): void {
      if (end !== null) return
      clearInterval(beating)
      const wasOpen = state === 'open'
      end = how
      commands.close()
      output.flush()
      state = 'ended'
      if (!wasOpen) return settle(null)
      for (const listener of endListeners.splice(0)) listener(end)
    }

    giveUp = (reason) => {
      finish({ kind: 'lost', reason })
      channel.close()
    }

    const shell: SshShell = {
      server: channel.server,
      hostKey: channel.hostKey,
      measureRoundTrip: () => channel.measureRoundTrip(),
      unsentBytes: () => channel.unsentBytes(),
      write: (bytes) => keyCommands(bytes).forEach((command) => run(command)),
      resize(newSize) {
        size = newSize
        run(sizeCommand(size))
        // What was drawn for another size is drawn again before anybody reads it.
        if (output.hasReader() || options.isNew) return
        output.forget()
        draw(false, MAX_TRIES)
      },
      pause() {
        isPaused = true
        updateFlow()
      },
      resume() {
        isPaused = false
        updateFlow()
      },
      setReadingSpeed: (bytesPerMs) =>
        channel.setReadingSpeed(bytesPerMs === null ? null : MAX_ESCAPED_BYTES * bytesPerMs),
      onData(listener) {
        output.read(listener)
        updateFlow()
      },
      onEnd(listener) {
        if (end === null) endListeners.push(listener)
        else listener(end)
      },
      close() {
        clearInterval(beating)
        channel.close()
      },
      session: {
        kind: options.isNew ? 'created' : 'attached',
        onCommand(listener) {
          onCommand = listener
          if (lastCommand !== null) listener(lastCommand)
        },
        folder: () =>
          new Promise((known) => {
            if (state !== 'open') return known(null)
            const timer = setTimeout(() => known(null), FOLDER_LIMIT_MS)
            run(FOLDER_COMMAND, 1, ([reply]) => {
              clearTimeout(timer)
              known(reply === undefined ? null : parseTmuxFolder(reply.body))
            })
          }),
        clearHistory: () => run('clear-history'),
        end: () =>
          new Promise((ended) => {
            const timer = setTimeout(() => ended(false), END_LIMIT_MS)
            endListeners.push(() => {
              clearTimeout(timer)
              ended(isOver)
            })
            run('kill-session')
            // What it still prints is not shown any more, and must not hold up its end.
            output.read(() => {})
            isPaused = false
            updateFlow()
          }),
      },
    }

    channel.onData((bytes) => {
      if (state === 'ended') return
      turn.count(bytes.length)
      const events = parser.push(bytes)
      if (events === null) return giveUp(NOT_TMUX)
      for (const event of events) take(event)
      output.flush()
    })
    channel.onEnd((how) => {
      if (isOver) finish({ kind: 'exited', code: null, signal: null })
      else finish(how.kind === 'lost' ? how : { kind: 'lost', reason: LEFT })
    })
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
    else channel.write(Buffer.from(options.script))
  })
}
