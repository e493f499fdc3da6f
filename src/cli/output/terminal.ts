import type { ReadStream } from 'node:tty'
import { escapeControls } from '../../core/base/text/escape-controls'
import type { CliProcess, StandardInput, StandardOutput, ProcessEvents } from './cli-process'
import { exitCodes } from './exit'
import { keysText } from './keys-text'
import { plainText } from '../../core/base/text/plain-text'
import { truncateText } from './text'

/** A command's output: results go to stdout, everything else to stderr. */
export interface CliOutput {
  /** Prints a permanent line. */
  progress(text: string): void
  /**
   * Prints a line that the next one replaces. Where lines cannot be replaced, each distinct message is printed once.
   */
  status(text: string): void
  clearStatus(): void
  /** Prints the result. A terminal reads no C1 control character in it. */
  result(text: string): void
}

export function createOutput(
  stdout: StandardOutput,
  stderr: StandardOutput,
  env: NodeJS.ProcessEnv,
): CliOutput {
  const isLive = stderr.isTTY === true && env['TERM'] !== 'dumb'
  let currentStatus = ''
  let lastStatus = ''
  const clear = (): void => {
    if (isLive && currentStatus !== '') stderr.write('\r\u001b[K')
    currentStatus = ''
  }
  return {
    progress(text) {
      clear()
      stderr.write(`${plainText(text)}\n`)
    },
    status(text) {
      const plain = plainText(text)
      if (isLive) {
        const truncated = truncateText(plain, (stderr.columns || 80) - 1)
        if (truncated !== currentStatus) stderr.write(`\r\u001b[K${truncated}`)
        currentStatus = truncated
        return
      }
      // A countdown is printed once.
      const withoutNumbers = plain.replace(/\d+/g, '#')
      if (withoutNumbers !== lastStatus) stderr.write(`${plain}\n`)
      lastStatus = withoutNumbers
    },
    clearStatus: clear,
    result(text) {
      clear()
      stdout.write(`${escapeControls(text)}\n`)
    },
  }
}

/** Signals and keys that end or undo what a command does. */
export interface Interrupts {
  /** The keys as shown to the user: "u or ^C". */
  readonly hint: string
  /** `exitCode` null: a key that only undoes. Returns a function that removes the listener. */
  listen(run: (exitCode: number | null) => void): () => void
}

const signals = [
  ['SIGINT', exitCodes.interrupted],
  ['SIGTERM', exitCodes.terminated],
  ['SIGHUP', exitCodes.hangup],
] as const

/** Signals and, if there is a keyboard, the key `undoKey`. */
export function createInterrupts(onSignal: OnSignal, keyboard: Keyboard | null, undoKey: string): Interrupts {
  return {
    hint: keyboard === null ? keysText.interrupt : keysText.undo(undoKey),
    listen(run) {
      const removeSignalHandlers = onSignal(run)
      const stopKeys =
        keyboard === null
          ? () => {}
          : onKey(keyboard, (key) => {
              if (key === undoKey) run(null)
              else if (key === CTRL_C) run(exitCodes.interrupted)
            })
      return () => {
        removeSignalHandlers()
        stopKeys()
      }
    },
  }
}

/** Calls `run` for each signal that ends a command, until the returned function is called. */
export type OnSignal = (run: (exitCode: number) => void) => () => void

export const createOnSignal =
  (events: ProcessEvents): OnSignal =>
  (run) => {
    const handlers = signals.map(([signal, exitCode]) => [signal, () => run(exitCode)] as const)
    for (const [signal, handler] of handlers) events.on(signal, handler)
    return () => {
      for (const [signal, handler] of handlers) events.off(signal, handler)
    }
  }

export const CTRL_C = '\u0003'
export const CTRL_Z = '\u001a'

/** Reads single keys from a terminal without echo, until the returned function is called. */
export function onKey({ keys }: Keyboard, run: (key: string) => void): () => void {
  const read = (text: string): void => {
    for (const key of text) run(key)
  }
  keys.setRawMode(true)
  keys.setEncoding('utf8').on('data', read).resume()
  return () => {
    keys.off('data', read).pause()
    keys.setRawMode(false)
  }
}

/** A terminal that a person types in. */
export interface Keyboard {
  readonly keys: ReadStream
  /** Where questions are printed. */
  readonly screen: StandardOutput
}

/** Null where stdin is no terminal. */
export const openKeyboard = ({ stdin, stderr }: Pick<CliProcess, 'stdin' | 'stderr'>): Keyboard | null =>
  isTerminal(stdin) ? { keys: stdin, screen: stderr } : null

const isTerminal = (stream: StandardInput): stream is StandardInput & ReadStream => stream.isTTY === true
