import { fail, ok, type Result } from '../../core/base/result'
import type { BufferedInput, TerminalState } from '../../core/terminal/terminal'

/** Of what is typed before a shell is there, so much is kept. */
export const MAX_BUFFERED_BYTES = 4 * 1024

/**
 * What a person types while the shell that they asked for is still on its way. It is for that shell alone: once something
 * is asked, or the try comes to nothing, it goes nowhere. In place of a lost shell comes another one, which gets none.
 */
export interface InputBuffer {
  /** To be told of each state of the terminal. */
  onStateChange(kind: TerminalState['kind']): void
  /** Refused, in a sentence, where it must not wait or is too much. */
  append(bytes: Uint8Array): Result<void, string>
  /** All that was kept, once, for the shell that is open now; null: nothing was. */
  drain(): Uint8Array | null
  /** Somebody typed in the open shell: what went nowhere is known to them. */
  clearDropped(): void
  view(): BufferedInput | null
}

export function createInputBuffer(): InputBuffer {
  let kind: TerminalState['kind'] = 'connecting'
  let chunks: Uint8Array[] = []
  let isFull = false
  let wasLost = false
  let wasDropped = false

  function onStateChange(next: TerminalState['kind']): void {
    kind = next
    if (next === 'waiting') wasLost = true
    if (next === 'open' || next === 'ended') wasLost = false
    if (next === 'connecting' || next === 'open') return
    wasDropped ||= chunks.length > 0
    chunks = []
    isFull = false
  }

  function append(bytes: Uint8Array): Result<void, string> {
    if (kind !== 'connecting' || wasLost) return fail(refusalText(kind, wasLost))
    const length = chunks.reduce((sum, one) => sum + one.length, bytes.length)
    // Nor what is typed after it: a command without its middle is another command.
    isFull ||= length > MAX_BUFFERED_BYTES
    if (isFull) return fail('That is more than can wait for its shell. Type on once it is open.')
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
  if (kind === 'asking' || kind === 'asking-passphrase') return 'Something is asked there first.'
  if (wasLost)
    return 'The connection was lost, and the shell that comes is another one. Type once it is open.'
  return 'The terminal is not connected.'
}
