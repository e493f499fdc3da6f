import * as v from 'valibot'
import { MAX_PATH_CHARS } from '../core/files/files-view'
import { MAX_HOST_CHARS } from '../core/files/shell-folder'
import { MAX_PROMPT_CHARS } from '../core/terminal/commands/prompt-text'
import type { TerminalSize } from '../core/terminal/terminal'

/*
 * The contract between the main process and the terminal process, which parses the output of pods. Main sends one
 * request at a time and waits for its reply, so that it knows which terminal is at work.
 */

export type TerminalProcessTask =
  | { readonly kind: 'open'; readonly size: TerminalSize; readonly scrollbackLines: number }
  /** Parses output, for a limited time. */
  | { readonly kind: 'write'; readonly bytes: Uint8Array }
  /** Goes on with output that an earlier reply left. */
  | { readonly kind: 'continue' }
  | { readonly kind: 'resize'; readonly size: TerminalSize }
  | { readonly kind: 'clear' }
  | { readonly kind: 'serialize' }
  /** Asks whether the text shows this address, or links to it. */
  | { readonly kind: 'find'; readonly address: string }
  | { readonly kind: 'close' }

export type TerminalProcessRequest = TerminalProcessTask & {
  /** Identifies the request in its reply. */
  readonly request: number
  readonly terminal: number
}

/** Maximum characters of replies to queries per request; more are dropped. */
export const MAX_REPLY_CHARS = 64 * 1024
/** Maximum characters of a title, before it is shortened for display. */
export const MAX_TITLE_CHARS = 1_000
/** Marks of commands per request; of more the last ones count. */
export const MAX_MARKS = 64
/** Maximum characters that a program may copy. */
export const MAX_COPIED_CHARS = 25_000
/** Reports of a folder per request; of more the last ones count. */
export const MAX_FOLDERS = 8
/** The settings allow 100,000 lines. */
const MAX_SCREEN_CHARS = 200_000_000

const markSchema = v.variant('kind', [
  v.strictObject({ kind: v.picklist(['prompt', 'start']) }),
  v.strictObject({
    kind: v.literal('end'),
    exitCode: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255))),
  }),
])

const folderSchema = v.strictObject({
  host: v.nullable(v.pipe(v.string(), v.maxLength(MAX_HOST_CHARS))),
  path: v.nullable(v.pipe(v.string(), v.maxLength(MAX_PATH_CHARS))),
})

const replySchema = v.strictObject({
  request: v.pipe(v.number(), v.integer()),
  /** Whether all output that was sent is parsed. */
  isDone: v.boolean(),
  isOnAlternateScreen: v.boolean(),
  /** So many lines that are printed now push all of it out; null if it isn't certain that they do. */
  linesUntilGone: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))),
  /** Answers to queries of programs, such as the position of the cursor. */
  replies: v.pipe(v.string(), v.maxLength(MAX_REPLY_CHARS)),
  /** Null if no title was set. */
  title: v.nullable(v.pipe(v.string(), v.maxLength(MAX_TITLE_CHARS))),
  /** What the shell reported about its commands. */
  marks: v.pipe(v.array(markSchema), v.maxLength(MAX_MARKS)),
  /** The folder that the shell reported as its current one. */
  folders: v.pipe(v.array(folderSchema), v.maxLength(MAX_FOLDERS)),
  /** What a program asked to copy last; null if none did. */
  copied: v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_COPIED_CHARS))),
  /** The text before the cursor in its line; "" if it can't be a prompt. */
  cursorLine: v.pipe(v.string(), v.maxLength(MAX_PROMPT_CHARS)),
  /** Escape sequences that draw the screen; null unless they were requested. */
  screen: v.nullable(v.pipe(v.string(), v.maxLength(MAX_SCREEN_CHARS))),
  /** Null unless an address was asked about. */
  isFound: v.nullable(v.boolean()),
})

export type TerminalProcessReply = v.InferOutput<typeof replySchema>

/** Null if it is malformed. */
export function parseTerminalProcessReply(value: unknown): TerminalProcessReply | null {
  const parsed = v.safeParse(replySchema, value)
  return parsed.success ? parsed.output : null
}
