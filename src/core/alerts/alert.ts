import { DAY_MS } from '../base/time/time'
import type { AccountId, PodId } from '../pods/pod'

/**
 * An alert whose condition holds now. Its source returns it after every poll while the condition holds; the
 * dispatcher shows it once, or after a pause if the condition still holds then. See
 * docs/product-rules.md#62-delivery.
 */
export interface PendingAlert extends Alert {
  /** The pod's name; null for an alert about the account. */
  readonly podName: string | null
  readonly tone: 'good' | 'plain' | 'warning' | 'bad'
  /**
   * The event happened while nothing was polled (start, sleep, outage). It is logged but not shown, unless it
   * is critical. Alerts that depend on observed time are never missed.
   */
  readonly isMissed?: boolean
  /**
   * It responds to an action that the user just requested, so neither a pause nor quiet hours suppress it.
   */
  readonly isResponseToUser?: boolean
  /** It says why this program may not act, so it is shown while that lasts. Nothing of it is written. */
  readonly isOfReader?: true
  /** The price of the idle pod, USD per hour; null: not known. Absent: it isn't about an idle pod. */
  readonly wastePerHourUsd?: number | null
  /** A person asked for this one, so it is shown although alerts of its kind are switched off. */
  readonly isRequested?: boolean
}

/** What an alert says. */
export type AlertText = Pick<PendingAlert, 'title' | 'body' | 'tone'>

/** Which critical alerts were delivered, across restarts. */
export interface Deliveries {
  /** When the system accepted this critical alert, Unix ms; null when that is not known. */
  deliveredAtMs(key: AlertKey): number | null
}

/** Kinds of alerts. See docs/product-rules.md#61-kinds. */
export const alertKinds = [
  'idle',
  'idle-reminder',
  'partly-idle',
  'activity-unknown',
  'kept-on',
  'auto-stop-soon',
  'auto-stopped',
  'max-hours-soon',
  'service-terminates-soon',
  'stops-waiting',
  'unable-to-act',
  'guard-silent',
  'guard-stopped',
  'budget',
  'budget-pace',
  'low-runway',
  'clean-up',
  'overnight',
  'pod-ready',
  'creating-too-long',
  'no-container',
  'container-died',
  'gpus-missing',
  'disk-full',
  'pod-error',
  'pod-stopped',
  'pod-gone',
  'unrecognized-pods',
  'idle-endpoint',
  'gpu-free',
  'action-ended',
  'job-soon',
  'job-finished',
  'job-failed',
  'job-unreachable',
  'job-pod',
  'key-refused',
  'unreachable',
  'metrics-outage',
  'host-key-changed',
  'command-ended',
  'app',
] as const

export type AlertKind = (typeof alertKinds)[number]

/** Identifies one alert permanently: once its episode is over, its buttons do nothing. */
export interface AlertKey {
  readonly kind: AlertKind
  readonly accountId: AccountId
  /** Null for an alert about the account. */
  readonly podId: PodId | null
  readonly episode: string
}

/**
 * The episode of a pod that can't be judged: the run of the pod and the day (UTC), so that every program names it alike,
 * whenever it began to observe.
 */
export const unjudgedEpisode = (run: string, nowMs: number): string => `${run}:${Math.floor(nowMs / DAY_MS)}`

export const alertButtons = ['keep-on', 'stop', 'stop-all', 'run-next-job', 'skip-job', 'was-me'] as const

export type AlertButton = (typeof alertButtons)[number]

/** The content of one notification, as plain text. Bodies must be escaped where the system parses markup. */
export interface Alert {
  readonly key: AlertKey
  readonly title: string
  readonly body: string
  readonly isCritical: boolean
  /**
   * Shown where the system supports buttons; elsewhere a click opens the pod, which offers the same actions.
   * Never a destructive action.
   */
  readonly buttons: readonly AlertButton[]
}

/** Whether the system accepted the notification. */
export type Delivery = 'shown' | 'failed'

export interface Notifier {
  /** Never throws; resolves within seconds. */
  show(alert: Alert): Promise<Delivery>
  /** Where the same alerts go besides the screen. Absent: nowhere. */
  readonly outlet?: AlertOutlet
}

/** Takes the alerts of one account to places outside this computer. See docs/product-rules.md#142-phone-and-chat. */
export interface AlertOutlet {
  /** Takes an alert that is shown now. Taking it again changes nothing, or the text of what was not sent yet. */
  take(alert: PendingAlert): void
  /** When one of these places accepted the alert, Unix ms; null: none did. */
  acceptedAtMs(key: AlertKey): number | null
  /** All alerts that hold now, by `alertName`. Called after complete polls only. */
  onHolding(names: ReadonlySet<string>): void
}

/** Alerts begin with the account that they are about, where there are several. */
export function namedNotifier(notifier: Notifier, label: () => string | null): Notifier {
  return {
    ...notifier,
    show(alert) {
      const name = label()
      return notifier.show(name === null ? alert : { ...alert, title: `${name}: ${alert.title}` })
    },
  }
}
