import type { Clock } from '../../core/base/time/clock'
import { SECOND_MS } from '../../core/base/time/time'
import { isOpen } from '../../core/intents/intent'
import type { Monitor } from '../../core/monitor/monitor-types'
import { isStopSafe } from '../../core/pods/data-impact'
import { impactSentence } from '../../core/pods/data-impact-text'
import { engineText } from '../../core/pods/pod-engine'
import { nextStops, type NextStopsOptions } from '../../core/view/stops/next-stops'
import type { PodView, Snapshot } from '../../core/view/snapshot'
import { serviceOf } from '../../core/pods/labs/service-name'
import type { ControlledAccountView, ControlledPodView } from './control-requests'

/** A list that is older is read again, so that a new pod is known by its name. */
const FRESH_MS = 5 * SECOND_MS
const REFRESH_TIMEOUT_MS = 10 * SECOND_MS
const FIRST_POLL_TIMEOUT_MS = 45 * SECOND_MS

/** Waits for the first poll, or asks for one where the last list is old. */
export function waitForPoll(monitor: Monitor, clock: Clock): Promise<void> {
  const before = monitor.snapshot()
  const isFirst = before.connection.kind === 'connecting'
  const { kind } = before.connection
  const isFresh = before.listedAtMs !== null && Math.abs(clock.now().wallMs - before.listedAtMs) < FRESH_MS
  if (kind === 'key-refused' || kind === 'rate-limited' || (kind === 'live' && isFresh))
    return Promise.resolve()
  return new Promise((resolve) => {
    const finish = (): void => {
      cancel()
      unsubscribe()
      resolve()
    }
    const cancel = clock.schedule(isFirst ? FIRST_POLL_TIMEOUT_MS : REFRESH_TIMEOUT_MS, finish)
    const unsubscribe = monitor.subscribe(({ connection, listedAtMs }) => {
      const hasFailed =
        connection.kind !== 'live' && JSON.stringify(connection) !== JSON.stringify(before.connection)
      if (connection.kind !== 'connecting' && (listedAtMs !== before.listedAtMs || hasFailed)) finish()
    })
    if (!isFirst) monitor.refresh()
  })
}

export function toControlledView(
  snapshot: Snapshot,
  {
    settings,
    hasHistory,
  }: { readonly settings: () => NextStopsOptions['settings']; readonly hasHistory: boolean },
): ControlledAccountView {
  const { autoStop, areAutoStopsPaused, isDryRun } = snapshot.guard
  return {
    atMs: snapshot.atMs,
    connection: snapshot.connection,
    guard: { autoStop, areAutoStopsPaused, isDryRun },
    pods: snapshot.pods.map(toPodView),
    stops: nextStops(snapshot, { settings: settings(), hasHistory }),
  }
}

function toPodView(pod: PodView): ControlledPodView {
  const { id, name, phase, actions, hardware, costPerHourUsd, stopImpact, intent, guard, progress } = pod
  return {
    id,
    name,
    phase,
    actions,
    hardware,
    costPerHourUsd,
    service: serviceOf(pod),
    stopImpactText: [impactSentence(stopImpact), ...(pod.engine ? [engineText(pod.engine)] : [])].join(' '),
    isDataKept: isStopSafe(stopImpact),
    openAction: intent !== null && isOpen(intent) ? intent.action : null,
    rules: guard.rules,
    ...(guard.ruleOrigins && { ruleOrigins: guard.ruleOrigins }),
    isAutoStopEnabled: guard.isAutoStopEnabled,
    keepOn: guard.keepOn,
    ...(progress && { progress }),
    ...(pod.container && { container: pod.container }),
  }
}
