import type { Activity } from '../idle/activity'
import { dataImpact } from '../pods/data-impact'
import type { KeepOn, PodRules } from '../pod-rules/pod-rules'
import type { StopCause } from '../intents/intent'
import type { Pod } from '../pods/pod'
import type { PolicyRules } from './policy-settings'

/** All that decides whether a pod is stopped by itself. */
export interface StopFacts {
  readonly cause: StopCause
  readonly action: 'stop' | 'terminate'
  readonly pod: Pod
  readonly activity: Activity
  /** As a person set them. */
  readonly podRules: PodRules
  readonly isAutoStopEnabled: boolean
  /** In force now. */
  readonly keepOn: KeepOn | null
  /** Until the pod's own state makes it due, ms: quiet for long enough, maximum hours over, budget spent. Null: it does not. */
  readonly leftMs: number | null
  /** Until both warnings were heard for long enough, ms. */
  readonly warningsLeftMs: number
  /** A warning was tried for as long as the last one is ahead, and did not reach its reader. */
  readonly isWarningUndelivered: boolean
  /** When the pod had started as the stop was planned, Unix ms; null: it is not planned yet. */
  readonly plannedStartedAtMs: number | null
  readonly hasOpenIntent: boolean
  /** False once the key was refused a write. */
  readonly canKeyWrite: boolean
  /** Automatic stops of the last hour. */
  readonly stopsLastHour: number
  /** The pod is as a request of its own has shown it just now. */
  readonly isFresh: boolean
  /** What its warnings spoke of, or what is set now. */
  readonly isDryRun: boolean
  readonly rules: PolicyRules
}

interface ConditionDefinition {
  /**
   * `standing`: judged from the first warning on, so that nobody is warned of what could not happen. `due`: once it is
   * due. `fresh`: only on a fresh look.
   */
  readonly stage: 'standing' | 'due' | 'fresh'
  isMet(facts: StopFacts): boolean
  /** Why it does not hold, to follow "since". */
  unmetText(facts: StopFacts): string
}

const notDueText: Readonly<Record<StopCause, string>> = {
  quiet: 'it is not quiet any more',
  'max-hours': 'its maximum hours are not over for certain',
  budget: 'its budget of the month is not spent for certain',
}

/** Every condition of an automatic stop. Product rules, "Idle policy": all must hold; any doubt postpones. */
const definitions: Readonly<Record<StopCondition, ConditionDefinition>> = {
  'seen-afresh': {
    stage: 'fresh',
    isMet: ({ isFresh }) => isFresh,
    unmetText: () => 'a fresh look at it failed',
  },
  running: {
    stage: 'standing',
    isMet: ({ pod }) => pod.phase === 'running',
    unmetText: () => 'it is not running',
  },
  'stop-offered': {
    stage: 'standing',
    isMet: ({ pod, action }) => pod.actions.includes(action),
    unmetText: ({ action }) => `Runpod does not offer to ${action} it now`,
  },
  'not-locked': {
    stage: 'standing',
    isMet: ({ pod }) => pod.isLocked === false,
    unmetText: ({ pod }) =>
      pod.isLocked === null ? 'Runpod does not say whether it is locked' : 'it is locked',
  },
  'not-in-cluster': {
    stage: 'standing',
    isMet: ({ pod }) => pod.clusterId === null,
    unmetText: () => 'it belongs to a cluster',
  },
  'same-run': {
    stage: 'standing',
    isMet: ({ pod, plannedStartedAtMs }) =>
      pod.startedAtMs !== null && (plannedStartedAtMs === null || pod.startedAtMs === plannedStartedAtMs),
    unmetText: ({ pod }) =>
      pod.startedAtMs === null ? 'Runpod does not say when it started' : 'it was started again meanwhile',
  },
  'still-quiet': {
    stage: 'due',
    isMet: ({ cause, activity, leftMs }) =>
      leftMs !== null && leftMs <= 0 && (cause !== 'quiet' || activity.kind === 'idle'),
    unmetText: ({ cause }) => notDueText[cause],
  },
  ticked: {
    stage: 'standing',
    isMet: ({ isAutoStopEnabled }) => isAutoStopEnabled,
    unmetText: () => 'it is not ticked for automatic stops',
  },
  'not-kept-on': {
    stage: 'standing',
    isMet: ({ keepOn }) => keepOn === null,
    unmetText: () => 'you keep it on',
  },
  warned: {
    stage: 'due',
    isMet: ({ warningsLeftMs }) => warningsLeftMs <= 0,
    unmetText: ({ isWarningUndelivered }) =>
      isWarningUndelivered ? 'no warning could be shown to you' : 'you were not warned for long enough',
  },
  'data-survives': {
    stage: 'standing',
    isMet: ({ pod, action, podRules }) =>
      // Whoever chose to terminate typed the pod's name below what is destroyed.
      action === 'terminate' || podRules.mayLoseData === true || doesDataSurvive(pod),
    unmetText: ({ pod }) =>
      pod.areMountsKnown
        ? 'it has no volume and stopping would lose the container disk'
        : 'it is not known whether it has a volume',
  },
  'nothing-under-way': {
    stage: 'due',
    isMet: ({ hasOpenIntent }) => !hasOpenIntent,
    unmetText: () => 'another action is under way',
  },
  'key-may-act': {
    stage: 'standing',
    isMet: ({ canKeyWrite }) => canKeyWrite,
    unmetText: () => 'the key may only look',
  },
  'not-paused': {
    stage: 'standing',
    isMet: ({ rules }) => !rules.arePaused,
    unmetText: () => 'automatic stops are paused',
  },
  'under-hourly-limit': {
    stage: 'due',
    isMet: ({ rules, stopsLastHour }) => stopsLastHour + 1 <= rules.stopsPerHour,
    unmetText: ({ stopsLastHour }) =>
      `${stopsLastHour} ${stopsLastHour === 1 ? 'pod was' : 'pods were'} stopped automatically within an hour`,
  },
  'not-a-rehearsal': {
    stage: 'fresh',
    isMet: ({ isDryRun }) => !isDryRun,
    unmetText: () => 'automatic stops are only rehearsed',
  },
}

/** Whether a stop keeps something: a volume, of its own or of the account. Product rules, "Idle policy". */
function doesDataSurvive(pod: Pod): boolean {
  return pod.areMountsKnown && dataImpact(pod, 'stop').some(({ impact }) => impact === 'kept')
}

/** The rules up to `when` that do not hold, in the order of the list. */
export function blockedBy(facts: StopFacts, stage: ConditionDefinition['stage']): readonly StopCondition[] {
  const stages = { standing: ['standing'], due: ['standing', 'due'], fresh: ['standing', 'due', 'fresh'] }[
    stage
  ]
  return stopConditions.filter(
    (name) => stages.includes(definitions[name].stage) && !definitions[name].isMet(facts),
  )
}

/** "Not stopped, since it has no volume and …; it is locked." */
export function blockText(facts: StopFacts, conditions: readonly StopCondition[]): string {
  const verb = facts.action === 'stop' ? 'stopped' : 'terminated'
  return `Not ${verb}, since ${conditions.map((name) => definitions[name].unmetText(facts)).join('; ')}.`
}

/** The conditions of an automatic stop, by name; every one must hold on a fresh look. */
export const stopConditions = [
  'seen-afresh',
  'running',
  'stop-offered',
  'not-locked',
  'not-in-cluster',
  'same-run',
  'still-quiet',
  'ticked',
  'not-kept-on',
  'warned',
  'data-survives',
  'nothing-under-way',
  'key-may-act',
  'not-paused',
  'under-hourly-limit',
  'not-a-rehearsal',
] as const

export type StopCondition = (typeof stopConditions)[number]
