import { fail, ok, type Result } from '../../core/base/result'
import type { TerminalState, TypedAhead } from '../../core/terminal/terminal'

/** Of what is typed before a shell is there, so much is kept. */
export const MAX_TYPED_AHEAD_BYTES = 4 * 1024

/**
 * What a person types while the shell that they asked for is still on its way. It is for that shell alone: once something
 * is asked, or the try comes to nothing, it goes nowhere. In place of a lost shell comes another one, which gets none.
 */
export interface TypeAhead {
  /** To be told of each state of the terminal. */
  follow(kind: TerminalState['kind']): void
  /** Refused, in a sentence, where it must not wait or is too much. */
  keep(bytes: Uint8Array): Result<void, string>
  /** All that was kept, once, for the shell that is open now; null: nothing was. */
  take(): Uint8Array | null
  /** Somebody typed in the open shell: what went nowhere is known to them. */
  forget(): void
  view(): TypedAhead | null
}

export function createTypeAhead(): TypeAhead {
  let kind: TerminalState['kind'] = 'connecting'
  let kept: Uint8Array[] = []
  let isFull = false
  let wasLost = false
  let wasDropped = false

  function follow(next: TerminalState['kind']): void {
    kind = next
    if (next === 'waiting') wasLost = true
    if (next === 'open' || next === 'ended') wasLost = false
    if (next === 'connecting' || next === 'open') return
    wasDropped ||= kept.length > 0
    kept = []
    isFull = false
  }

  function keep(bytes: Uint8Array): Result<void, string> {
    if (kind !== 'connecting' || wasLost) return fail(refusalWords(kind, wasLost))
    const length = kept.reduce((sum, one) => sum + one.length, bytes.length)
    // Nor what is typed after it: a command without its middle is another command.
    isFull ||= length > MAX_TYPED_AHEAD_BYTES
    if (isFull) return fail('That is more than can wait for its shell. Type on once it is open.')
    kept.push(bytes)
    return ok(undefined)
  }

  return {
    follow,
    keep,
    take() {
      const all = kept.length === 0 ? null : Buffer.concat(kept)
      kept = []
      isFull = false
      return all
    },
    forget: () => void (wasDropped = false),
    view: () => (kept.length > 0 ? 'kept' : wasDropped ? 'dropped' : null),
  }
}

function refusalWords(kind: TerminalState['kind'], wasLost: boolean): string {
  if (kind === 'asking' || kind === 'asking-passphrase') return 'Something is asked there first.'
  if (wasLost)
    return 'The connection was lost, and the shell that comes is another one. Type once it is open.'
  return 'The terminal is not connected.'
}
