import type { AccountId, PodId } from '../pods/pod'

/**
 * Something worth an alert that holds now. Whoever finds it produces it at every turn for as long as it holds; the
 * announcer says it once, and when silence hides it, after the silence if it still holds. Product rules, "Alerts".
 */
export interface PendingAlert extends Alert {
  /** As the pod is called; null: it is about the account. */
  readonly podName: string | null
  readonly tone: 'good' | 'plain' | 'warning' | 'bad'
  /**
   * It came about while nobody looked (a start, a sleep, an outage): written down and not shown, unless it is
   * critical. What rests on observed time never is.
   */
  readonly isMissed?: boolean
  /** It answers what a person asked for just now: neither a pause nor quiet hours hide it. */
  readonly isResponseToUser?: boolean
}

/** What an alert says. */
export type AlertText = Pick<PendingAlert, 'title' | 'body' | 'tone'>

/** What reached its reader, across restarts. */
export interface Deliveries {
  /** When the system took this critical alert, Unix ms; null: it has not, as far as is known. */
  deliveredAtMs(key: AlertKey): number | null
}

/** What an alert is about. Source: product rules, "Alerts". */
export const alertKinds = [
  'idle',
  'idle-reminder',
  'partly-idle',
  'kept-on',
  'auto-stop-soon',
  'auto-stopped',
  'max-hours-soon',
  'budget',
  'budget-pace',
  'low-runway',
  'pod-ready',
  'creating-too-long',
  'pod-error',
  'pod-gone',
  'gpu-free',
  'action-ended',
  'key-refused',
  'unreachable',
  'host-key-changed',
  'app',
] as const

export type AlertKind = (typeof alertKinds)[number]

/** Names one alert for good: once the episode is over, its buttons do nothing. */
export interface AlertKey {
  readonly kind: AlertKind
  readonly accountId: AccountId
  /** Null: it is about the account. */
  readonly podId: PodId | null
  readonly episode: string
}

export const alertButtons = ['keep-on', 'stop'] as const

export type AlertButton = (typeof alertButtons)[number]

/** One thing to tell natively: plain text, to be escaped where a body is markup. */
export interface Alert {
  readonly key: AlertKey
  readonly title: string
  readonly body: string
  readonly isCritical: boolean
  /** Shown where the system can; elsewhere a click opens the pod with the same ones. Never one that destroys. */
  readonly buttons: readonly AlertButton[]
}

/** Whether the system took it. */
export type Delivery = 'shown' | 'failed'

export interface Notifier {
  /** Never throws; ends within seconds. */
  show(alert: Alert): Promise<Delivery>
}
