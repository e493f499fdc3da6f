import { alertRulesOf } from './alert-switches'
import { alertName } from './alert-history'
import { createConnectionAlerts } from './connection-alerts'
import type { AlertKey, Deliveries, PendingAlert } from './alert'
import { type AlertDispatcherOptions, createAlertDispatcher } from './alert-dispatcher'
import {
  goneAlert,
  lateStopAlert,
  outsideStopAlert,
  podAlert,
  telemetryOutageAlert,
  terminatedAlert,
} from './alert-text'
import type { PodReadiness } from '../containers/readiness'
import type { ContainerWatch } from '../containers/container-watch'
import { outcomeAlerts } from './failed-stop-alerts'
import { serviceNameOf } from '../pods/labs/service-name'
import {
  isGoneBecauseOf,
  isStartedBy,
  isStillRelevant,
  isStoppedBecauseOf,
  isTerminatedByRule,
} from './intent-outcomes'
import type { Intent } from '../intents/intent'
import type { IntentContext } from '../intents/intent-runner'
import type { WritePermission } from '../intents/write-permission'
import type { GonePod } from '../polling/pod-inventory'
import type { Pod, PodId } from '../pods/pod'
import {
  emptyPodEventState,
  eventsOf,
  firstEpisodeName,
  lastReadingBeforeStop,
  type PodEvent,
  type PodEventKind,
  type PodEventRules,
  withPolledPods,
} from '../polling/pod-events'
import type { OutsideStop, OutsideStopCauses } from '../polling/outside-stop'
import { activityRulesOf, type Settings } from '../settings/settings'
import { withSpacing } from '../idle/spacing'
import type { ConnectionView } from '../polling/connection'
import { createTerminalAlerts, type TerminalAlerts } from './terminal-alerts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../base/time/time'

/** What an account announces with. */
export interface AlertContext
  extends
    Pick<IntentContext, 'accountId' | 'clock' | 'earlierIntents' | 'provider'>,
    Omit<AlertDispatcherOptions, 'nowMs' | 'rules' | 'onChange'> {
  /** Read in each poll, so that a change applies from the next one on. */
  readonly settings: () => Settings
}

export interface AccountAlertsOptions {
  readonly arePaused: () => boolean
  /** Whether auto-stop is on for any pod, which makes a refused key critical. */
  readonly areRulesArmed: () => boolean
  /** How far apart polls are, ms. */
  readonly pollSpacingMs: () => number
  /** What the actions of this session say about the key. */
  readonly permission: () => WritePermission
  /** All known actions, those of other programs that acted before included. */
  readonly intents: () => readonly Intent[]
  readonly stopCauses: OutsideStopCauses
  /** Leaves out those about pods that another account watches. Absent: there are none. */
  readonly ownAlerts?: (pending: readonly PendingAlert[]) => readonly PendingAlert[]
  /** Absent: a pod that runs is ready. */
  readonly containers?: Pick<ContainerWatch, 'readinessOf' | 'detailsOf' | 'outage'>
  readonly onChange: AlertDispatcherOptions['onChange']
}

/**
 * Detects the alerts of one account and dispatches them after each poll. See
 * docs/product-rules.md#62-delivery.
 */
export interface AccountAlerts extends Deliveries {
  /**
   * Called after a successful poll. `otherAlerts` are the current alerts of the guard and of money; `standing` are
   * those that still hold although nothing of them is to be shown any more.
   */
  onPoll(
    pods: readonly Pod[],
    gonePods: readonly GonePod[],
    otherAlerts: readonly PendingAlert[],
    standing?: readonly AlertKey[],
  ): void
  /** Called after a failed poll. `retryAfterMs`: how long the API asked to wait. */
  onPollFailed(connection: ConnectionView, retryAfterMs: number): void
  /**
   * Called regularly between polls, of which none may be due for long: an outage goes on, and a pending alert about
   * the connection is repeated.
   */
  onConnectionTick(connection: ConnectionView): void
  onIntentChange(intent: Intent): void
  /** The stop of this pod, if nothing here explains it. */
  readonly outsideStopOf: (pod: Pod) => OutsideStop | null
  /** Shows an alert of another source, once. */
  announce(alert: PendingAlert): void
  /** See `TerminalAlerts`. */
  onTerminalEvent: TerminalAlerts['onTerminalEvent']
  areNotificationsFailing(): boolean
}

/** Informational alerts, such as "pod ready", expire after this. */
const RELEVANT_FOR_MS = 12 * HOUR_MS

export function createAccountAlerts(context: AlertContext, options: AccountAlertsOptions): AccountAlerts {
  const { accountId, clock, settings, alertHistory, auditLog } = context
  const { containers } = options
  const service = serviceNameOf(context.provider)
  const dispatcher = createAlertDispatcher({
    ...context,
    rules: (nowMs) => alertRulesOf(settings(), nowMs, options.arePaused()),
    nowMs: () => clock.now().wallMs,
    onChange: options.onChange,
  })
  const terminalAlerts = createTerminalAlerts(accountId, auditLog, clock, (alert) =>
    dispatcher.dispatch([alert], false),
  )
  let podEventState = emptyPodEventState
  /** The latest intent of each pod. The outcome of one from an earlier run may not have been announced yet. */
  const intents = new Map(context.earlierIntents.map((intent) => [intent.podId, intent]))
  /**
   * Intents that ended during this run. The outcome of any other was announced by an earlier run or is
   * deferred.
   */
  const observedIntentIds = new Set<string>()
  /** Those that the guard in them stopped, or may have stopped, which has an alert of its own. */
  let stoppedByGuard: ReadonlySet<PodId | null> = new Set()

  const readinessOf = (pod: Pod): PodReadiness => containers?.readinessOf(pod) ?? 'ready'

  /** Two polls are one poll interval plus the request time apart; a longer interval is a gap. */
  function gapRules(): PodEventRules {
    const current = settings()
    const { gapMs, clockToleranceMs } = withSpacing(activityRulesOf(current), options.pollSpacingMs())
    return {
      creatingTooLongMs: current.creatingTooLongMin * MINUTE_MS,
      gapMs: gapMs + current.pollIdleS * SECOND_MS,
      clockToleranceMs,
    }
  }

  const connectionAlerts = createConnectionAlerts(context, {
    rules: gapRules,
    areRulesArmed: options.areRulesArmed,
    service,
  })

  /** An alert that an earlier run deferred is still due, although this run did not observe the event. */
  function deferredEvent(pod: Pod, deferred: ReadonlySet<string>): PodEvent | null {
    const kind = eventKindOf(pod)
    if (kind === null || deferred.size === 0) return null
    if (kind === 'pod-ready' && readinessOf(pod) !== 'ready') return null
    const episode = firstEpisodeName(pod)
    if (!deferred.has(alertName({ kind, accountId, podId: pod.id, episode }))) return null
    return { kind, podId: pod.id, episode, atMs: clock.now().wallMs, isMissed: false }
  }

  function podAlerts(
    pods: readonly Pod[],
    gonePods: readonly GonePod[],
    deferred: ReadonlySet<string>,
  ): PendingAlert[] {
    const nowMs = clock.now().wallMs
    const events = new Map(eventsOf(podEventState).map((event) => [event.podId, event]))
    const listedAlerts = pods.flatMap((pod) => {
      const event = events.get(pod.id) ?? deferredEvent(pod, deferred)
      if (event?.kind === 'pod-stopped') return outsideStopAlerts(pod, event)
      if (event === null || (event.kind === 'pod-ready' && !isReadyAlertDue(event, nowMs))) return []
      const creatingForMs = podEventState.pods.get(pod.id)?.creatingForMs ?? 0
      return [podAlert(accountId, pod, event, creatingForMs, containers?.detailsOf(pod))]
    })
    const goneAlerts = gonePods.flatMap((gonePod) => {
      const event = events.get(gonePod.id)
      const intent = intents.get(gonePod.id)
      if (event === undefined || isGoneBecauseOf(intent, gonePod)) return []
      return [
        isTerminatedByRule(intent, gonePod)
          ? terminatedAlert(intent)
          : goneAlert(accountId, gonePod, event, service),
      ]
    })
    return [...listedAlerts, ...goneAlerts, ...telemetryAlerts(pods)]
  }

  const isStopExplained = (pod: Pod): boolean =>
    stoppedByGuard.has(pod.id) || options.intents().some((intent) => isStoppedBecauseOf(intent, pod))

  function outsideStopAlerts(pod: Pod, { episode, atMs }: PodEvent): PendingAlert[] {
    if (isStopExplained(pod)) return []
    const cause = options.stopCauses.causeOf(pod)
    if (cause === undefined) return []
    return [
      outsideStopAlert(accountId, pod, episode, {
        atMs,
        ...cause,
        last: lastReadingBeforeStop(podEventState, pod.id),
      }),
    ]
  }

  function telemetryAlerts(pods: readonly Pod[]): PendingAlert[] {
    const lost = containers?.outage() ?? null
    if (lost === null) return []
    const names = pods.filter(({ id }) => lost.podIds.includes(id)).map(({ name }) => name)
    return [telemetryOutageAlert(accountId, lost, names, service)]
  }

  function isReadyAlertDue({ podId, atMs }: PodEvent, nowMs: number): boolean {
    return !isOld(atMs, nowMs) && !(settings().hasGpuFreeAlerts && isStartedBy(intents.get(podId), atMs))
  }

  function deferredNames(): ReadonlySet<string> {
    const records = Object.entries(alertHistory.load())
    return new Set(records.flatMap(([name, { state }]) => (state === 'held' ? [name] : [])))
  }

  /** Alerts about the outcome of actions, while they are still relevant. */
  function intentAlerts(pods: readonly Pod[], deferred: ReadonlySet<string>): PendingAlert[] {
    const nowMs = clock.now().wallMs
    const phases = new Map(pods.map(({ id, phase }) => [id, phase]))
    return [...intents.values()].flatMap((intent) => {
      const phase = phases.get(intent.podId)
      if (phase === undefined || isOld(intent.phaseAt.wallMs, nowMs)) return []
      const alerts = isStillRelevant(intent, phase)
        ? outcomeAlerts(intent, options.permission(), service)
        : []
      return alerts.filter(({ key }) => observedIntentIds.has(intent.id) || deferred.has(alertName(key)))
    })
  }

  return {
    onPoll(pods, gonePods, otherAlerts, standing) {
      connectionAlerts.onSuccess()
      podEventState = withPolledPods(podEventState, pods, gonePods, clock.now(), gapRules(), readinessOf)
      const guardStops = otherAlerts.filter(({ key }) => key.kind === 'guard-stopped')
      stoppedByGuard = new Set(guardStops.map(({ key }) => key.podId))
      const deferred = deferredNames()
      const found = [...intentAlerts(pods, deferred), ...podAlerts(pods, gonePods, deferred)]
      const pending = [...otherAlerts, ...found]
      const own = options.ownAlerts?.(pending) ?? pending
      dispatcher.dispatch([...own, ...terminalAlerts.pendingAlerts()], true, standing)
    },
    onPollFailed(connection, retryAfterMs) {
      connectionAlerts.onFailure(retryAfterMs)
      dispatcher.dispatch(connectionAlerts.pending(connection), false)
    },
    onConnectionTick(connection) {
      connectionAlerts.onTick()
      dispatcher.dispatch(connectionAlerts.pending(connection), false)
    },
    onIntentChange(intent) {
      const before = intents.get(intent.podId)
      intents.set(intent.podId, intent)
      observedIntentIds.add(intent.id)
      const isCorrected = before?.id === intent.id && before.phase === 'did-not-happen'
      // An automatic stop has an alert of its own.
      const corrections = isCorrected && intent.origin === 'person' ? [lateStopAlert(intent)] : []
      const alerts = [...outcomeAlerts(intent, options.permission(), service), ...corrections]
      if (alerts.length > 0) dispatcher.dispatch(alerts, false)
    },
    outsideStopOf(pod) {
      const event = podEventState.pods.get(pod.id)?.event
      if (event?.kind !== 'pod-stopped' || pod.phase !== 'stopped' || isStopExplained(pod)) return null
      const cause = options.stopCauses.causeOf(pod) ?? { reason: null, balanceUsd: null }
      return { atMs: event.atMs, ...cause, last: lastReadingBeforeStop(podEventState, pod.id) }
    },
    announce: (alert) => dispatcher.dispatch([alert], false),
    onTerminalEvent: terminalAlerts.onTerminalEvent,
    areNotificationsFailing: () => dispatcher.areNotificationsFailing(),
    deliveredAtMs: (key) => dispatcher.deliveredAtMs(key),
  }
}

const isOld = (atMs: number, nowMs: number): boolean => Math.abs(nowMs - atMs) >= RELEVANT_FOR_MS

const eventKindOf = ({ phase }: Pod): PodEventKind | null => eventKinds[phase] ?? null

const eventKinds: Partial<Record<Pod['phase'], PodEventKind>> = {
  running: 'pod-ready',
  error: 'pod-error',
  creating: 'creating-too-long',
  stopped: 'pod-stopped',
}
