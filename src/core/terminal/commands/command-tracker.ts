import { elapsedMs, type Instant, SECOND_MS } from '../../base/time/time'
import { promptText } from './prompt-text'

/*
 * Tells when a command in a terminal ends, by what its shell sends (OSC 133), or else by what can be observed: a prompt
 * at which the user typed before is at the cursor again, or the shell is in the foreground of its session again.
 * See docs/product-rules.md#131-sessions.
 */

/** What a shell says of its commands by OSC 133. */
export type CommandMark =
  | { readonly kind: 'prompt' | 'start' }
  /** `exitCode`: null if it doesn't say. */
  | { readonly kind: 'end'; readonly exitCode: number | null }

export type CommandEvent =
  | { readonly kind: 'mark'; readonly mark: CommandMark }
  | { readonly kind: 'typed'; readonly text: string }
  /** All output is parsed. `line`: the text from the start of the cursor's line to the cursor; "" if it is no prompt. */
  | { readonly kind: 'output'; readonly line: string }
  /** The program in the foreground of its session; null: a shell. */
  | { readonly kind: 'foreground'; readonly command: string | null }
  /** Time has passed, see `checkAfterMs`. */
  | { readonly kind: 'tick' }
  /** A shell is there. `isSame`: the one before. */
  | { readonly kind: 'opened'; readonly isSame: boolean }
  /** The connection broke. `isKept`: the shell may still run. */
  | { readonly kind: 'lost'; readonly isKept: boolean }
  | { readonly kind: 'exited' }

/** How a command ended. */
export interface CommandEnd {
  /** `lost`: its shell is gone, and what became of it is unknown. */
  readonly how: 'mark' | 'prompt' | 'foreground' | 'exited' | 'lost'
  /** Only what the shell itself reported. */
  readonly exitCode: number | null
  readonly forMs: number
  /** It may have run longer than `forMs`. */
  readonly isAtLeast: boolean
  /** What ran, as the pod named it; null: unknown. */
  readonly program: string | null
}

interface RunningCommand {
  readonly since: Instant
  readonly isAtLeast: boolean
  readonly program: string | null
  /** Whether the cursor has left the prompt. */
  readonly hasLeftPrompt: boolean
}

export interface CommandTracker {
  readonly running: RunningCommand | null
  /** The last prompts at which the user typed. */
  readonly prompts: readonly string[]
  readonly line: string
  /** Something was typed since the last line end. */
  readonly isTyping: boolean
  /** The shell sends marks, so that nothing has to be concluded. */
  readonly hasMarks: boolean
  /** The shell marks where commands start, so that a line end doesn't tell it. */
  readonly hasStarts: boolean
  readonly foreground: string | null
  /** Since when the shell is in the foreground again without output; null: it isn't. */
  readonly quietSince: Instant | null
}

export interface CommandStep {
  readonly tracker: CommandTracker
  readonly ended: CommandEnd | null
}

export const newCommandTracker: CommandTracker = {
  running: null,
  prompts: [],
  line: '',
  isTyping: false,
  hasMarks: false,
  hasStarts: false,
  foreground: null,
  quietSince: null,
}

/** A command that took this long is worth a notice. */
export const LONG_COMMAND_MS = 30 * SECOND_MS

/** Between two programs of a loop the shell is in the foreground for a moment, too. */
const QUIET_MS = 3 * SECOND_MS
const MAX_PROMPTS = 8

/** When to send a `tick`, ms from `now`; null: not needed. */
export const checkAfterMs = ({ quietSince }: CommandTracker, now: Instant): number | null =>
  quietSince === null ? null : Math.max(0, QUIET_MS - elapsedMs(quietSince, now))

/** The state after an event. */
export function withCommandEvent(before: CommandTracker, event: CommandEvent, now: Instant): CommandStep {
  switch (event.kind) {
    case 'mark':
      return withMark({ ...before, hasMarks: true, quietSince: null }, event.mark, now)
    case 'typed':
      return same(withTyped(before, event.text, now))
    case 'output':
      return withOutput(before, event.line, now)
    case 'foreground':
      return same(withForeground(before, event.command, now))
    case 'tick': {
      const { quietSince } = before
      const isQuiet = quietSince !== null && elapsedMs(quietSince, now) >= QUIET_MS
      return isQuiet ? ended(before, 'foreground', quietSince) : same(before)
    }
    case 'opened':
      return event.isSame ? same(before) : gone(before, 'lost', now)
    case 'lost':
      // The marks that come meanwhile are missed, so that anything observed counts until there is one again.
      return event.isKept
        ? same({ ...before, hasMarks: false, hasStarts: false, quietSince: null })
        : gone(before, 'lost', now)
    case 'exited':
      return gone(before, 'exited', now)
  }
}

const same = (tracker: CommandTracker): CommandStep => ({ tracker, ended: null })

function ended(
  tracker: CommandTracker,
  how: CommandEnd['how'],
  now: Instant,
  exitCode: number | null = null,
): CommandStep {
  const { running } = tracker
  const over = { ...tracker, running: null, quietSince: null }
  if (running === null) return same(over)
  const { since, isAtLeast, program } = running
  return { tracker: over, ended: { how, exitCode, forMs: elapsedMs(since, now), isAtLeast, program } }
}

/** Its shell is gone. The next one likely has the same prompt. */
const gone = ({ running, prompts }: CommandTracker, how: 'lost' | 'exited', now: Instant): CommandStep =>
  ended({ ...newCommandTracker, running, prompts }, how, now)

const started = ({ foreground }: CommandTracker, since: Instant, isAtLeast: boolean): RunningCommand => ({
  since,
  isAtLeast,
  program: foreground,
  hasLeftPrompt: false,
})

function withMark(tracker: CommandTracker, mark: CommandMark, now: Instant): CommandStep {
  if (mark.kind === 'start')
    return same({ ...tracker, hasStarts: true, running: started(tracker, now, false) })
  return ended(tracker, 'mark', now, mark.kind === 'end' ? mark.exitCode : null)
}

function withTyped(before: CommandTracker, text: string, now: Instant): CommandTracker {
  const prompt = before.isTyping ? '' : promptText(before.line)
  const prompts =
    prompt === '' || before.hasMarks
      ? before.prompts
      : [...before.prompts.filter((one) => one !== prompt), prompt].slice(-MAX_PROMPTS)
  const hasLineEnd = /[\r\n]/.test(text)
  const tracker = { ...before, prompts, isTyping: !/[\r\n]$/.test(text) }
  const { running, hasMarks, hasStarts } = tracker
  if (!hasLineEnd || hasStarts || (hasMarks && running !== null)) return tracker
  // What was typed may be an answer to the command that runs, or the next one at a prompt that isn't known.
  const isAtLeast = running?.hasLeftPrompt ?? false
  return { ...tracker, quietSince: null, running: started(tracker, now, isAtLeast) }
}

function withOutput(before: CommandTracker, line: string, now: Instant): CommandStep {
  const tracker = { ...before, line, quietSince: before.quietSince === null ? null : now }
  const { running, prompts, hasMarks } = tracker
  if (running === null || hasMarks) return same(tracker)
  const text = promptText(line)
  if (running.hasLeftPrompt && prompts.includes(text)) return ended(tracker, 'prompt', now)
  if (prompts.some((prompt) => text.startsWith(prompt))) return same(tracker)
  return same({ ...tracker, running: { ...running, hasLeftPrompt: true } })
}

function withForeground(before: CommandTracker, command: string | null, now: Instant): CommandTracker {
  const tracker = { ...before, foreground: command, quietSince: null }
  const { running, hasMarks } = tracker
  if (command !== null) {
    if (running !== null) return { ...tracker, running: { ...running, program: command } }
    // It was there before anything was observed.
    return hasMarks || before.foreground !== null
      ? tracker
      : { ...tracker, running: { ...started(tracker, now, true), hasLeftPrompt: true } }
  }
  return running === null || running.program === null || hasMarks ? tracker : { ...tracker, quietSince: now }
}
