import * as v from 'valibot'
import type { PodKey } from '../pods/pod'
import type { Clock } from '../base/time/clock'
import { elapsedMs, type Instant, MINUTE_MS } from '../base/time/time'

/** A pod counts as busy for this long after terminal input. See docs/product-rules.md#22-busy. */
export const RECENT_INPUT_MS = 10 * MINUTE_MS

/** Records the last terminal input of each pod, whether or not its terminals are still open. */
export interface TerminalInputTracker {
  recordInput(podKey: PodKey): void
  /** `withinMs`: how long ago it may be. Default: `RECENT_INPUT_MS`. */
  readonly hasRecentInput: (podKey: PodKey, withinMs?: number) => boolean
}

export function createTerminalInputTracker(clock: Pick<Clock, 'now'>): TerminalInputTracker {
  const last = new Map<PodKey, Instant>()
  return {
    recordInput: (podKey) => void last.set(podKey, clock.now()),
    hasRecentInput(podKey, withinMs = RECENT_INPUT_MS) {
      const at = last.get(podKey)
      return at !== undefined && elapsedMs(at, clock.now()) < withinMs
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
