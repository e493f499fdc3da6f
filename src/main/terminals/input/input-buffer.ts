import { fail, ok, type Result } from '../../../core/base/result'
import type { BufferedInput, TerminalState } from '../../../core/terminal/terminal'
import { inputText } from './input-text'

/** Maximum bytes of input kept before a shell is open. */
export const MAX_BUFFERED_BYTES = 4 * 1024

/**
 * Input typed while the requested shell is still connecting. It is only for that shell: if a prompt appears
 * or the attempt fails, the input is dropped. A shell that replaces a lost one never receives it.
 */
export interface InputBuffer {
  /** Must be called for each state of the terminal. */
  readonly onStateChange: (kind: TerminalState['kind']) => void
  /** The error is a sentence when input must not be buffered or exceeds the limit. */
  append(bytes: Uint8Array): Result<void, string>
  /** Returns the buffered input once, for the shell that is now open; null when there is none. */
  drain(): Uint8Array | null
  /** The user typed in the open shell, so they know that earlier input was dropped. */
  clearDropped(): void
  readonly view: () => BufferedInput | null
}

export function createInputBuffer(): InputBuffer {
  let kind: TerminalState['kind'] = 'connecting'
  let chunks: Uint8Array[] = []
  let isFull = false
  let wasLost = false
  let wasDropped = false

  function onStateChange(next: TerminalState['kind']): void {
    kind = next
    if (next === 'waiting' || next === 'detached') wasLost = true
    if (next === 'open' || next === 'ended') wasLost = false
    if (next === 'connecting' || next === 'open') return
    wasDropped ||= chunks.length > 0
    chunks = []
    isFull = false
  }

  function append(bytes: Uint8Array): Result<void, string> {
    if (kind !== 'connecting' || wasLost) return fail(refusalText(kind, wasLost))
    const length = chunks.reduce((sum, one) => sum + one.length, bytes.length)
    // Nothing more is accepted after an overflow, because a command with a gap is a different command.
    isFull ||= length > MAX_BUFFERED_BYTES
    if (isFull) return fail(inputText.tooMuchInput)
    chunks.push(bytes)
    return ok(undefined)
  }

  return {
    onStateChange,
    append,
    drain() {
      const all = chunks.length === 0 ? null : Buffer.concat(chunks)
      chunks = []
      isFull = false
      return all
    },
    clearDropped: () => void (wasDropped = false),
    view: () => (chunks.length > 0 ? 'kept' : wasDropped ? 'dropped' : null),
  }
}

function refusalText(kind: TerminalState['kind'], wasLost: boolean): string {
  if (kind === 'asking' || kind === 'asking-passphrase') return inputText.questionOpen
  if (wasLost) return inputText.connectionLost
  return inputText.notConnected
}
