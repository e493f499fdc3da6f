import { ok, type Result } from '../../../core/base/result'
import { isAutomaticReply } from '../../../core/terminal/terminal-input'
import type { SshShell } from '../../../ssh/connection/ssh-shell'
import { createInputBuffer, type InputBuffer } from './input-buffer'

const MAX_UNSENT_BYTES = 64 * 1024

/**
 * Sends the terminal's reply to a query of a program. It is dropped if much is unsent, typed and pasted input included,
 * so that a program that asks without reading can't fill the memory.
 */
export function sendReply(shell: Pick<SshShell, 'unsentBytes' | 'write'> | null, text: string): void {
  if (shell !== null && text !== '' && shell.unsentBytes() <= MAX_UNSENT_BYTES) shell.write(Buffer.from(text))
}

/** What goes to the shell of a terminal: what a person types, and what the terminal answers to programs. */
export interface SessionInput {
  readonly onStateChange: InputBuffer['onStateChange']
  readonly view: InputBuffer['view']
  readonly type: (text: string, as: 'text' | 'bytes') => Result<void, string>
  /** The terminal's reply to a query of a program. */
  readonly reply: (text: string) => void
  /** Writes what was typed before the shell was open. */
  sendBuffered(shell: SshShell): void
}

export interface SessionInputOptions {
  /** Null while there is none. */
  readonly shell: () => SshShell | null
  /** The part of automatic replies that is for the shell. */
  readonly replies: (text: string) => string
  /** A person's input reaches the shell. */
  readonly onInput: (bytes: Uint8Array) => void
  readonly onChange: () => void
}

export function createSessionInput(options: SessionInputOptions): SessionInput {
  const buffer = createInputBuffer()

  function write(to: SshShell, bytes: Uint8Array): void {
    options.onInput(bytes)
    to.write(bytes)
  }
  const reply = (text: string): void => sendReply(options.shell(), options.replies(text))

  return {
    onStateChange: buffer.onStateChange,
    view: buffer.view,
    reply,
    type(text, as) {
      const bytes = Buffer.from(text, as === 'text' ? 'utf8' : 'latin1')
      const before = buffer.view()
      const shell = options.shell()
      let typed: Result<void, string> = ok(undefined)
      if (isAutomaticReply(text)) reply(text)
      else if (shell === null) typed = buffer.append(bytes)
      else {
        write(shell, bytes)
        buffer.clearDropped()
      }
      if (buffer.view() !== before) options.onChange()
      return typed
    },
    sendBuffered(shell) {
      const buffered = buffer.drain()
      if (buffered !== null) write(shell, buffered)
    },
  }
}
