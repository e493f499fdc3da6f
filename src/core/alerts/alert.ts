import type { Alert, AlertKey } from '../base/clock'

/**
 * Something worth an alert that holds now. Whoever finds it produces it at every turn for as long as it holds; the
 * announcer says it once, and when silence hides it, after the silence if it still holds. Product rules, "Alerts".
 */
export interface Announcement extends Alert {
  /** As the pod is called; null: it is about the account. */
  readonly podName: string | null
  readonly tone: 'good' | 'plain' | 'warning' | 'bad'
  /**
   * It came about while nobody looked (a start, a sleep, an outage): written down and not shown, unless it is
   * critical. What rests on observed time never is.
   */
  readonly isMissed?: boolean
  /** It answers what a person asked for just now: neither a pause nor quiet hours hide it. */
  readonly isAnswer?: boolean
}

/** What reached its reader, across restarts. */
export interface Deliveries {
  /** When the system took this critical alert, Unix ms; null: it has not, as far as is known. */
  deliveredAtMs(key: AlertKey): number | null
}
