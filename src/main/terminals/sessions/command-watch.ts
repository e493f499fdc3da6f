import type { Clock } from '../../../core/base/time/clock'
import {
  checkAfterMs,
  type CommandEnd,
  type CommandEvent,
  LONG_COMMAND_MS,
  newCommandTracker,
  withCommandEvent,
} from '../../../core/terminal/commands/command-tracker'

/** Follows the commands of a terminal, and reports the end of those that a person may want to know of. */
export interface CommandWatch {
  readonly on: (event: CommandEvent) => void
  /** A person typed this. */
  readonly typed: (bytes: Uint8Array) => void
  /** Whether the end of the command that runs, or else of the next one, is to be reported whatever it is. */
  readonly request: (isWanted: boolean) => void
  readonly isRequested: () => boolean
  /** A person sees the terminal. */
  readonly seen: () => void
  /** Called whenever a window may begin to show the terminal. */
  readonly checkSeen: () => void
  dispose(): void
}

export interface CommandWatchOptions {
  readonly clock: Clock
  /** Since an earlier run. */
  readonly isRequested: boolean
  /** Whether a person sees the terminal now. */
  readonly isSeen: () => boolean
  /** `isRequested`: a person asked to know the end of this command. */
  readonly onCommandEnd: (end: CommandEnd, isRequested: boolean) => void
  /** What was reported is known by now. */
  readonly onSeen: () => void
  readonly onChange: () => void
}

export function createCommandWatch(options: CommandWatchOptions): CommandWatch {
  const { clock } = options
  let tracker = newCommandTracker
  let { isRequested } = options
  let hasReported = false
  let cancelCheck = (): void => {}

  function on(event: CommandEvent): void {
    const now = clock.now()
    const step = withCommandEvent(tracker, event, now)
    tracker = step.tracker
    cancelCheck()
    const afterMs = checkAfterMs(tracker, now)
    cancelCheck = afterMs === null ? () => {} : clock.schedule(afterMs, () => on({ kind: 'tick' }))
    if (step.ended !== null) report(step.ended)
  }

  function report(end: CommandEnd): void {
    const wasRequested = isRequested
    // A terminal says itself that its shell is gone.
    const isNews = end.how !== 'lost' && end.forMs >= LONG_COMMAND_MS && !options.isSeen()
    if (!wasRequested && !isNews) return
    hasReported = true
    isRequested = false
    options.onCommandEnd(end, wasRequested)
    if (wasRequested) options.onChange()
  }

  function seen(): void {
    if (!hasReported) return
    hasReported = false
    options.onSeen()
  }

  return {
    on,
    typed(bytes) {
      seen()
      on({ kind: 'typed', text: Buffer.from(bytes).toString('latin1') })
    },
    request(isWanted) {
      isRequested = isWanted
      options.onChange()
    },
    isRequested: () => isRequested,
    seen,
    checkSeen() {
      if (options.isSeen()) seen()
    },
    dispose: () => cancelCheck(),
  }
}
