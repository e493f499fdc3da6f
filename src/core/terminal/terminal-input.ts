import type { PodId } from '../pods/pod'
import type { Clock } from '../base/clock'
import { elapsedMs, type Instant, MINUTE_MS } from '../base/time'

/** A pod counts as busy for so long after somebody typed on it. Product rules, "Activity". */
export const RECENT_INPUT_MS = 10 * MINUTE_MS

/** Remembers when somebody last typed in a terminal of each pod, whether that is open still or not. */
export interface TerminalInputTracker {
  recordInput(podId: PodId): void
  readonly hasRecentInput: (podId: PodId) => boolean
}

export function createTerminalInputTracker(clock: Pick<Clock, 'now'>): TerminalInputTracker {
  const last = new Map<PodId, Instant>()
  return {
    recordInput: (podId) => void last.set(podId, clock.now()),
    hasRecentInput(podId) {
      const at = last.get(podId)
      return at !== undefined && elapsedMs(at, clock.now()) < RECENT_INPUT_MS
    },
  }
}

// Cursor position, device attributes and status, modes, focus; strings that answer questions about settings and colours.
const AUTOMATIC_REPLIES = new RegExp(
  String.raw`^(?:\x1b\[[?>=]?[\d;]*\$?[Rcny]|\x1b\[[IO]|\x1b[P\]][^\x07\x1b]*(?:\x07|\x1b\\))+$`,
)

/** Whether a terminal sends this by itself, asked by a program or by the focus: nobody typed it. */
export const isAutomaticReply = (text: string): boolean =>
  text.startsWith('\x1b') && AUTOMATIC_REPLIES.test(text)
