import type { PodId } from '../pods/pod'
import type { Clock } from '../base/clock'
import { elapsedMs, type Instant, MINUTE_MS } from '../base/time'

/** A pod counts as busy for so long after somebody typed on it. Product rules, "Activity". */
export const INPUT_COUNTS_MS = 10 * MINUTE_MS

/** Remembers when somebody last typed in a terminal of each pod, whether that is open still or not. */
export interface TerminalInput {
  note(podId: PodId): void
  readonly isRecent: (podId: PodId) => boolean
}

export function createTerminalInput(clock: Pick<Clock, 'now'>): TerminalInput {
  const last = new Map<PodId, Instant>()
  return {
    note: (podId) => void last.set(podId, clock.now()),
    isRecent(podId) {
      const at = last.get(podId)
      return at !== undefined && elapsedMs(at, clock.now()) < INPUT_COUNTS_MS
    },
  }
}

// Cursor position, device attributes and status, modes, focus; strings that answer questions about settings and colours.
const REPORTS = new RegExp(
  String.raw`^(?:\x1b\[[?>=]?[\d;]*\$?[Rcny]|\x1b\[[IO]|\x1b[P\]][^\x07\x1b]*(?:\x07|\x1b\\))+$`,
)

/** Whether a terminal sends this by itself, asked by a program or by the focus: nobody typed it. */
export const isAutomaticReply = (text: string): boolean => text.startsWith('\x1b') && REPORTS.test(text)
