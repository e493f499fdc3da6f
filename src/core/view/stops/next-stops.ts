import { formatDuration, formatMoment } from '../../base/text/format'
import { MINUTE_MS } from '../../base/time/time'
import type { StopCause } from '../../intents/intent'
import { stopTimeOf } from '../../pod-rules/stop-time'
import { managingServiceName } from '../../pods/pod'
import type { Settings } from '../../settings/settings'
import type { PodView, Snapshot } from '../snapshot'

/** An automatic stop that comes next, or what keeps one from coming. */
export interface NextStop {
  readonly podId: string
  readonly podName: string
  /**
   * `planned`: its warnings are given. `expected`: it comes if nothing changes. `held`: something keeps it from coming.
   * `waiting`: nothing leads to it now. `by-service`: not ours; the service that manages the pod does it, and nothing
   * here holds it.
   */
  readonly state: 'planned' | 'expected' | 'held' | 'waiting' | 'by-service'
  readonly cause: StopCause | ServiceCause
  readonly action: 'stop' | 'terminate'
  /** Unix ms; null unless nothing holds it. See docs/product-rules.md#34-showing-the-plan. */
  readonly atMs: number | null
  /** A clause to follow the pod's name: "stops if it stays quiet". */
  readonly text: string
  /** The server that carries it out; absent: this computer, or the service. */
  readonly server?: string
}

/** Why a service acts on a pod: it is idle, or its maximum runtime ends. */
export type ServiceCause = 'service-idle' | 'service-max-runtime'

export interface NextStopsOptions {
  readonly settings: Pick<Settings, 'autoStopAfterMin'>
  /** False after a single poll, which knows no quiet window and has given no warning. */
  readonly hasHistory: boolean
}

/**
 * The stops of all running pods that a rule or their service may stop, soonest first; those without a time come last.
 */
export function nextStops(snapshot: Snapshot, options: NextStopsOptions): readonly NextStop[] {
  const running = snapshot.pods.filter(({ phase, shownAs }) => phase === 'running' && shownAs === undefined)
  return running
    .filter(({ guard }) => guard.autoStop.kind !== 'off')
    .flatMap((pod) => stopsOf(pod, snapshot, options))
    .concat(running.flatMap(serviceStopsOf))
    .sort((a, b) => (a.atMs ?? Infinity) - (b.atMs ?? Infinity) || a.podName.localeCompare(b.podName))
}

function stopsOf(pod: PodView, { atMs: nowMs, guard }: Snapshot, options: NextStopsOptions): NextStop[] {
  const { rules, keepOn, heldStops, autoStop, server } = pod.guard
  const actionOf = (cause: StopCause): NextStop['action'] =>
    cause === 'max-hours' ? (rules.atMaxHours ?? 'stop') : 'stop'
  const stop = (
    state: NextStop['state'],
    cause: StopCause,
    text: string,
    atMs: number | null = null,
  ): NextStop => ({
    podId: pod.id,
    podName: pod.name,
    state,
    cause,
    action: actionOf(cause),
    atMs,
    text,
    ...(server !== undefined && { server }),
  })
  const verbFor = (cause: StopCause): string =>
    guard.isDryRun
      ? `would ${actionOf(cause)} (dry run)`
      : actionOf(cause) === 'stop'
        ? 'stops'
        : 'terminates'

  if (keepOn !== null) {
    const until =
      keepOn.untilMs === null ? 'until you cancel' : `until ${formatMoment(keepOn.untilMs, { nowMs })}`
    const kept = `is kept running ${until}`
    const due = heldStops.filter(({ cause }) => options.hasHistory || cause !== 'quiet')
    if (due.length === 0) return [stop('held', firstCauseOf(pod), kept)]
    return due.map(({ cause, dueAtMs }) => {
      const when = dueAtMs <= nowMs ? 'is due' : `would come at ${formatMoment(dueAtMs, { nowMs })}`
      return stop('held', cause, `${kept}; a ${actionOf(cause)} ${causeTexts[cause]} ${when}`)
    })
  }
  switch (autoStop.kind) {
    case 'off':
      return []
    case 'planned': {
      const { cause, atMs } = autoStop
      return [
        options.hasHistory
          ? stop('planned', cause, `${verbFor(cause)} ${causeTexts[cause]}`, atMs)
          : stop('held', cause, `${verbFor(cause)} ${causeTexts[cause]} once you have been warned`),
      ]
    }
    case 'blocked':
      return [stop('held', autoStop.cause, clause(autoStop.text))]
    case 'watching': {
      const { dueAtMs, cause = firstCauseOf(pod), held } = autoStop
      const heldStop = held && stop('held', held.cause, heldText(held.cause, actionOf(held.cause), held.why))
      if (dueAtMs === null) return [heldStop ?? stop('waiting', cause, waitingText(cause, verbFor(cause)))]
      const expected =
        cause === 'quiet' && !options.hasHistory
          ? stop(
              'waiting',
              cause,
              unknownQuietText(rules.autoStopAfterMin ?? options.settings.autoStopAfterMin),
            )
          : stop('expected', cause, `${verbFor(cause)} ${causeTexts[cause]}`, dueAtMs)
      return heldStop ? [expected, heldStop] : [expected]
    }
  }
}

/** What the service does, whatever is set here. See docs/product-rules.md#38-what-the-service-itself-does. */
function serviceStopsOf({ id, name, managed, guard }: PodView): NextStop[] {
  const kept = guard.keepOn === null ? '' : '; keeping it on doesn’t change that'
  const stop = (
    cause: ServiceCause,
    action: NextStop['action'],
    text: string,
    atMs: number | null,
  ): NextStop[] =>
    atMs === null
      ? []
      : [{ podId: id, podName: name, state: 'by-service', cause, action, atMs, text: `${text}${kept}` }]
  return [
    ...stop(
      'service-idle',
      'stop',
      `${managingServiceName} stops it if it stays idle`,
      managed?.stopsAtMs ?? null,
    ),
    ...stop(
      'service-max-runtime',
      'terminate',
      `${managingServiceName} terminates it at its maximum runtime`,
      managed?.terminatesAtMs ?? null,
    ),
  ]
}

const causeTexts: Readonly<Record<StopCause, string>> = {
  quiet: 'if it stays quiet',
  'max-hours': 'at its maximum hours',
  'stop-time': 'unless it is in use',
  budget: 'at its budget',
}

const heldText = (cause: StopCause, action: NextStop['action'], why: string): string =>
  cause === 'quiet'
    ? `is not stopped: ${why}`
    : `has ${heldRuleText[cause]} that would not ${action} it: ${why}`

const heldRuleText: Readonly<Record<Exclude<StopCause, 'quiet'>, string>> = {
  'max-hours': 'maximum hours',
  'stop-time': 'a time of day',
  budget: 'a budget',
}

/** Why a rule has no time yet. */
function waitingText(cause: StopCause, verb: string): string {
  switch (cause) {
    case 'quiet':
      return 'was not seen to be quiet, so no stop is due'
    case 'max-hours':
      return `${verb} at its maximum hours, but when it started is not known`
    case 'stop-time':
      return `${verb} at its time of day, unless it is in use as now`
    case 'budget':
      return `${verb} once its budget is spent`
  }
}

const unknownQuietText = (afterMin: number): string =>
  `stops after ${formatDuration(afterMin * MINUTE_MS)} of quiet; a single check can’t tell how long it has been quiet`

/** The rule that stops the pod, where no time says which comes first. */
function firstCauseOf({ guard: { isAutoStopEnabled, rules } }: PodView): StopCause {
  if (isAutoStopEnabled) return 'quiet'
  if (rules.maxHours !== undefined) return 'max-hours'
  return stopTimeOf(rules) === null ? 'budget' : 'stop-time'
}

/** "Not stopped, since it is locked." as a clause: "is not stopped, since it is locked". */
const clause = (sentence: string): string =>
  `is ${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}`
