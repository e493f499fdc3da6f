import { alertOf } from './alert-text'
import { announce } from './alerts'
import type { Decision } from './policy'
import type { Alert, MarkStore, Notifier } from './ports'

export interface AnnouncerOptions {
  readonly notifier: Notifier
  readonly marks: MarkStore
  readonly idleAlertEveryMs: () => number
  /** While they are, nothing is announced, nor marked: what still holds afterwards is said then. */
  readonly areAlertsPaused: () => boolean
  /** For the log; must not throw. */
  readonly report: (what: string, cause?: unknown) => void
}

/** Says natively what is to be said. A notification that fails stops nothing else. */
export interface Announcer {
  /** Those of `decisions` that were not announced yet, marked as announced before they are shown. */
  announce(decisions: readonly Decision[], nowMs: number): void
  tell(alert: Alert): void
}

export function createAnnouncer(options: AnnouncerOptions): Announcer {
  const { notifier, marks, idleAlertEveryMs, areAlertsPaused, report } = options
  function tell(alert: Alert): void {
    notifier.show(alert).catch((cause: unknown) => report('An alert could not be shown', cause))
  }
  return {
    announce(decisions, nowMs) {
      if (decisions.length === 0 || areAlertsPaused()) return
      const told = announce(decisions, marks.load(), nowMs, { idleAlertEveryMs: idleAlertEveryMs() })
      if (told.toShow.length === 0) return
      marks.save(told.marks)
      for (const decision of told.toShow) tell(alertOf(decision))
    },
    tell,
  }
}
