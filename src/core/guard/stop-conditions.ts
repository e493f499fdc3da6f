import type { Activity } from '../idle/activity'
import { dataFates } from '../pods/data-impact'
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
  readonly isAutoStopped: boolean
  /** In force now. */
  readonly keepOn: KeepOn | null
  /** Until the pod's own state makes it due, ms: quiet for long enough, maximum hours over, budget spent. Null: it does not. */
  readonly leftMs: number | null
  /** Until both warnings were heard for long enough, ms. */
  readonly warningsLeftMs: number
  /** A warning was tried for as long as the last one is ahead, and did not reach its reader. */
  readonly isUnheard: boolean
  /** When the pod had started as the stop was planned, Unix ms; null: it is not planned yet. */
  readonly plannedStartedAtMs: number | null
  readonly hasOpenIntent: boolean
  /** False once the key was refused a write. */
  readonly mayKeyAct: boolean
  /** Automatic stops of the last hour. */
  readonly stopsLastHour: number
  /** The pod is as a request of its own has shown it just now. */
  readonly isFresh: boolean
  /** What its warnings spoke of, or what is set now. */
  readonly isRehearsal: boolean
  readonly rules: PolicyRules
}

interface Rule {
  /**
   * `standing`: judged from the first warning on, so that nobody is warned of what could not happen. `due`: once it is
   * due. `fresh`: only on a fresh look.
   */
  readonly when: 'standing' | 'due' | 'fresh'
  holds(facts: StopFacts): boolean
  /** Why it does not hold, to follow "since". */
  words(facts: StopFacts): string
}

const notDue: Readonly<Record<StopCause, string>> = {
  quiet: 'it is not quiet any more',
  'max-hours': 'its maximum hours are not over for certain',
  budget: 'its budget of the month is not spent for certain',
}

/** Every condition of an automatic stop. Product rules, "Idle policy": all must hold; any doubt postpones. */
const table: Readonly<Record<GuardRule, Rule>> = {
  'seen-afresh': {
    when: 'fresh',
    holds: ({ isFresh }) => isFresh,
    words: () => 'a fresh look at it failed',
  },
  running: {
    when: 'standing',
    holds: ({ pod }) => pod.phase === 'running',
    words: () => 'it is not running',
  },
  'stop-offered': {
    when: 'standing',
    holds: ({ pod, action }) => pod.actions.includes(action),
    words: ({ action }) => `Runpod does not offer to ${action} it now`,
  },
  'not-locked': {
    when: 'standing',
    holds: ({ pod }) => pod.isLocked === false,
    words: ({ pod }) => (pod.isLocked === null ? 'Runpod does not say whether it is locked' : 'it is locked'),
  },
  'not-in-cluster': {
    when: 'standing',
    holds: ({ pod }) => pod.clusterId === null,
    words: () => 'it belongs to a cluster',
  },
  'same-run': {
    when: 'standing',
    holds: ({ pod, plannedStartedAtMs }) =>
      pod.startedAtMs !== null && (plannedStartedAtMs === null || pod.startedAtMs === plannedStartedAtMs),
    words: ({ pod }) =>
      pod.startedAtMs === null ? 'Runpod does not say when it started' : 'it was started again meanwhile',
  },
  'still-quiet': {
    when: 'due',
    holds: ({ cause, activity, leftMs }) =>
      leftMs !== null && leftMs <= 0 && (cause !== 'quiet' || activity.kind === 'idle'),
    words: ({ cause }) => notDue[cause],
  },
  ticked: {
    when: 'standing',
    holds: ({ isAutoStopped }) => isAutoStopped,
    words: () => 'it is not ticked for automatic stops',
  },
  'not-kept-on': {
    when: 'standing',
    holds: ({ keepOn }) => keepOn === null,
    words: () => 'you keep it on',
  },
  warned: {
    when: 'due',
    holds: ({ warningsLeftMs }) => warningsLeftMs <= 0,
    words: ({ isUnheard }) =>
      isUnheard ? 'no warning could be shown to you' : 'you were not warned for long enough',
  },
  'data-survives': {
    when: 'standing',
    holds: ({ pod, action, podRules }) =>
      // Whoever chose to terminate typed the pod's name below what is destroyed.
      action === 'terminate' || podRules.mayLoseData === true || doesDataSurvive(pod),
    words: ({ pod }) =>
      pod.areMountsKnown
        ? 'it has no volume and stopping would lose the container disk'
        : 'it is not known whether it has a volume',
  },
  'nothing-under-way': {
    when: 'due',
    holds: ({ hasOpenIntent }) => !hasOpenIntent,
    words: () => 'another action is under way',
  },
  'key-may-act': {
    when: 'standing',
    holds: ({ mayKeyAct }) => mayKeyAct,
    words: () => 'the key may only look',
  },
  'not-paused': {
    when: 'standing',
    holds: ({ rules }) => !rules.arePaused,
    words: () => 'automatic stops are paused',
  },
  'under-hourly-limit': {
    when: 'due',
    holds: ({ rules, stopsLastHour }) => stopsLastHour + 1 <= rules.stopsPerHour,
    words: ({ stopsLastHour }) =>
      `${stopsLastHour} ${stopsLastHour === 1 ? 'pod was' : 'pods were'} stopped automatically within an hour`,
  },
  'not-a-rehearsal': {
    when: 'fresh',
    holds: ({ isRehearsal }) => !isRehearsal,
    words: () => 'automatic stops are only rehearsed',
  },
}

/** Whether a stop keeps something: a volume, of its own or of the account. Product rules, "Idle policy". */
function doesDataSurvive(pod: Pod): boolean {
  return pod.areMountsKnown && dataFates(pod, 'stop').some(({ fate }) => fate === 'kept')
}

/** The rules up to `when` that do not hold, in the order of the list. */
export function heldBy(facts: StopFacts, when: Rule['when']): readonly GuardRule[] {
  const stages = { standing: ['standing'], due: ['standing', 'due'], fresh: ['standing', 'due', 'fresh'] }[
    when
  ]
  return guardRules.filter((name) => stages.includes(table[name].when) && !table[name].holds(facts))
}

/** "Not stopped, since it has no volume and …; it is locked." */
export function heldWords(facts: StopFacts, rules: readonly GuardRule[]): string {
  const verb = facts.action === 'stop' ? 'stopped' : 'terminated'
  return `Not ${verb}, since ${rules.map((name) => table[name].words(facts)).join('; ')}.`
}

/** The conditions of an automatic stop, by name; every one must hold on a fresh look. */
export const guardRules = [
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

export type GuardRule = (typeof guardRules)[number]
