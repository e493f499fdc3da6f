import * as v from 'valibot'
import type { PodKey } from '../pods/pod'
import type { Clock } from '../base/time/clock'
import { elapsedMs, type Instant, MINUTE_MS } from '../base/time/time'

/**
 * A pod counts as busy for this long after input: in a terminal, through a forward or as a copy of files, ms. See
 * docs/product-rules.md#22-busy.
 */
export const RECENT_INPUT_MS = 10 * MINUTE_MS

/** Records the last input of each pod, whether or not its terminals are still open. */
export interface TerminalInputTracker {
  recordInput(podKey: PodKey): void
  /** How long ago its last input was, ms; null: none is known. */
  readonly inputAgoMs: (podKey: PodKey) => number | null
}

export function createTerminalInputTracker(clock: Pick<Clock, 'now'>): TerminalInputTracker {
  const last = new Map<PodKey, Instant>()
  return {
    recordInput: (podKey) => void last.set(podKey, clock.now()),
    inputAgoMs(podKey) {
      const at = last.get(podKey)
      return at === undefined ? null : elapsedMs(at, clock.now())
    },
  }
}

// Replies about cursor position, device attributes, status, modes, focus, settings and colors.
const AUTOMATIC_REPLIES = new RegExp(
  String.raw`^(?:\x1b\[[?>=]?[\d;]*\$?[Rcny]|\x1b\[[IO]|\x1b[P\]][^\x07\x1b]*(?:\x07|\x1b\\))+$`,
)

/** Whether the terminal sent this as an automatic reply, so that it is not user input. */
export const isAutomaticReply = (text: string): boolean =>
  text.startsWith('\x1b') && AUTOMATIC_REPLIES.test(text)

/**
 * The part of automatic replies that tmux doesn't send itself: about the focus, and about colors, which only the window
 * knows.
 */
export const repliesBesideTmux = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- matches control sequences
  (text.match(/\x1b\[[IO]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g) ?? []).join('')

const inputsSchema = v.array(
  v.object({ accountId: v.string(), podId: v.string(), atMs: v.pipe(v.number(), v.finite()) }),
)

/** The last terminal input of a pod, as programs share it; Unix ms. */
export type TerminalInput = v.InferOutput<typeof inputsSchema>[number]

/** Parses inputs read from a file; empty when it is malformed. */
export function parseTerminalInputs(value: unknown): readonly TerminalInput[] {
  const parsed = v.safeParse(inputsSchema, value)
  return parsed.success ? parsed.output : []
}
