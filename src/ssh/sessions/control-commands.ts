import type { ControlEvent } from '../../core/terminal/tmux/control-parser'
import type { SshShell } from '../connection/ssh-shell'

export type TmuxReply = Extract<ControlEvent, { readonly kind: 'reply' }>

/** The commands to tmux in control mode, which replies to them in their order. */
export interface ControlCommands {
  /** Sends one line of commands. `onReplies` is called with all their replies, unless the session ends before. */
  readonly run: (line: string, replies?: number, onReplies?: (all: readonly TmuxReply[]) => void) => void
  onReply(reply: TmuxReply): void
  /** Nothing is sent or called back any more. */
  close(): void
}

export const NOT_TMUX = 'The server sent what tmux never sends.'
const UNANSWERED = 'The pod no longer answers what is typed.'

/** A pasted megabyte takes 2,000 commands of 3 MB. */
const MAX_AWAITED_REPLIES = 50_000
/** Input that the server hasn't taken. */
const MAX_UNSENT_BYTES = 64 * 1024 * 1024
/** Of one line of commands. */
const MAX_REPLY_BYTES = 16 * 1024 * 1024

/** `giveUp` is called with a sentence once more is waited for than a pod that works leaves waiting. */
export function createControlCommands(
  channel: Pick<SshShell, 'write' | 'unsentBytes'>,
  giveUp: (reason: string) => void,
): ControlCommands {
  /** What to do with each reply that is still to come. */
  let awaited: ((reply: TmuxReply) => void)[] = []
  let isClosed = false

  return {
    run(line, replies = 1, onReplies = () => {}) {
      if (isClosed) return
      if (awaited.length + replies > MAX_AWAITED_REPLIES || channel.unsentBytes() > MAX_UNSENT_BYTES)
        return giveUp(UNANSWERED)
      const all: TmuxReply[] = []
      let bytes = 0
      for (let index = 0; index < replies; index++)
        awaited.push((reply) => {
          all.push(reply)
          bytes += reply.body.length
          if (bytes > MAX_REPLY_BYTES) giveUp(NOT_TMUX)
          else if (all.length === replies) onReplies(all)
        })
      channel.write(Buffer.from(`${line}\n`))
    },
    onReply(reply) {
      awaited.shift()?.(reply)
    },
    close() {
      isClosed = true
      awaited = []
    },
  }
}
