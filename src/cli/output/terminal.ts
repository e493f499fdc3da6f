import type { ReadStream, WriteStream } from 'node:tty'
import { exitCodes } from './exit'
import { plainText } from '../../core/base/plain-text'
import { cutTo } from './text'

/** Where a command's words go: results to stdout, everything else to stderr. */
export interface Output {
  /** A line of news, which stays. */
  progress(text: string): void
  /** A line that the next one replaces; where lines cannot be replaced, each different beginning is said once. */
  status(text: string): void
  clearStatus(): void
  /** The result. */
  result(text: string): void
}

export function createOutput(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Output {
  const isLive = stderr.isTTY && process.env['TERM'] !== 'dumb'
  let shown = ''
  let said = ''
  const clear = (): void => {
    if (isLive && shown !== '') stderr.write('\r\u001b[K')
    shown = ''
  }
  return {
    progress(text) {
      clear()
      stderr.write(`${plainText(text)}\n`)
    },
    status(text) {
      const plain = plainText(text)
      if (isLive) {
        const cut = cutTo(plain, (stderr.columns || 80) - 1)
        if (cut !== shown) stderr.write(`\r\u001b[K${cut}`)
        shown = cut
        return
      }
      // A countdown is said once.
      const gist = plain.replace(/\d+/g, '#')
      if (gist !== said) stderr.write(`${plain}\n`)
      said = gist
    },
    clearStatus: clear,
    result(text) {
      clear()
      stdout.write(`${text}\n`)
    },
  }
}

/** What ends or takes back what a command does. */
export interface Interrupts {
  /** How a person does it: "u or ^C". */
  readonly hint: string
  /** `exitCode` null: a key that only takes back. Returns what stops listening. */
  listen(run: (exitCode: number | null) => void): () => void
}

const signals = [
  ['SIGINT', exitCodes.interrupted],
  ['SIGTERM', exitCodes.terminated],
  ['SIGHUP', exitCodes.hangup],
] as const

/** Signals and, if `keys` is a terminal, the key `undoKey`. */
export function createInterrupts(keys: ReadStream | null, undoKey: string): Interrupts {
  return {
    hint: keys === null ? '^C' : `${undoKey} or ^C`,
    listen(run) {
      const unhook = onSignals(run)
      const release =
        keys === null
          ? () => {}
          : onKey(keys, (key) => {
              if (key === undoKey) run(null)
              else if (key === CTRL_C) run(exitCodes.interrupted)
            })
      return () => {
        unhook()
        release()
      }
    },
  }
}

export function onSignals(run: (exitCode: number) => void): () => void {
  const hooks = signals.map(([signal, exitCode]) => [signal, () => run(exitCode)] as const)
  for (const [signal, hook] of hooks) process.on(signal, hook)
  return () => {
    for (const [signal, hook] of hooks) process.off(signal, hook)
  }
}

export const CTRL_C = '\u0003'
export const CTRL_Z = '\u001a'

/** Reads single keys from a terminal, unechoed, until the function that it returns is called. */
export function onKey(keys: ReadStream, run: (key: string) => void): () => void {
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

/** The terminal behind a stream, if there is one. */
export const terminalOf = <Stream extends ReadStream | WriteStream>(
  stream: NodeJS.ReadStream | NodeJS.WriteStream,
): Stream | null => (stream.isTTY ? (stream as unknown as Stream) : null)
