import { notDoneText } from '../../obstacles/obstacle-text'
import { doubtText } from '../../idle/idle-text'
import type { DueTime } from './due-time'
import { dataImpact, isDataKept } from '../../pods/data-impact'
import { serviceOf } from '../../pods/labs/service-name'
import type { KeepOn, PodRules } from '../../pod-rules/pod-rules'
import type { StopCause } from '../../intents/intent'
import type { Pod } from '../../pods/pod'
import { plainName } from '../../pods/pod-name'
import type { PolicyRules } from './policy-settings'
import type { StopRetry } from './stop-retry'
import { formatTimeOfDay } from '../../base/text/format'

/** Everything that decides whether a pod is stopped automatically. */
export interface StopFacts {
  readonly cause: StopCause
  readonly action: 'stop' | 'terminate'
  readonly pod: Pod
  /** As set by the user. */
  readonly podRules: PodRules
  /** Whether the user wants this cause to stop the pod. */
  readonly isCauseEnabled: boolean
  /** In effect now. */
  readonly keepOn: KeepOn | null
  /** When the pod's state makes it due: quiet for long enough, maximum hours over, or budget spent. */
  readonly due: DueTime
  /** Time until both warnings were delivered early enough, ms. */
  readonly warningsLeftMs: number
  /** A warning has been undelivered for as long as the last warning is ahead of the stop. */
  readonly isWarningUndelivered: boolean
  /** The pod's start time when the stop was planned, Unix ms; null: not planned yet. */
  readonly plannedStartedAtMs: number | null
  readonly hasOpenIntent: boolean
  /** What failed before on this pod; null: nothing. */
  readonly retry: StopRetry | null
  /** See `stopsWithinHour`. */
  readonly stopsLastHour: number
  /** The pod's state comes from a request of its own, made just now. */
  readonly isFresh: boolean
  /** Whether this is a dry run, as the warnings said, or as set now. */
  readonly isDryRun: boolean
  readonly rules: PolicyRules
}

interface ConditionDefinition {
  /**
   * `standing`: checked from the first warning on, so that nobody is warned of a stop that cannot happen.
   * `due`: checked when the stop is due. `fresh`: checked only after a fresh read.
   */
  readonly stage: 'standing' | 'due' | 'fresh'
  isMet(facts: StopFacts): boolean
  /** Why the condition is not met; follows "since". */
  unmetText(facts: StopFacts): string
  /** Whether it is unmet only because data is missing, which holds a plan instead of ending it. */
  isUnknown?(facts: StopFacts): boolean
}

export const notDueText: Readonly<Record<StopCause, string>> = {
  quiet: 'it has not been quiet for long enough',
  'max-hours': 'it isn’t certain that its maximum hours are over',
  'stop-time': 'its time of day has not come, or it was in use',
  budget: 'it isn’t certain that its monthly budget is spent',
}

/**
 * Every condition of an automatic stop. All must hold, so any doubt postpones it. See
 * docs/product-rules.md#32-conditions-of-an-auto-stop.
 */
const definitions: Readonly<Record<StopCondition, ConditionDefinition>> = {
  'seen-afresh': {
    stage: 'fresh',
    isMet: ({ isFresh }) => isFresh,
    unmetText: () => 'its current state could not be read',
  },
  running: {
    stage: 'standing',
    isMet: ({ pod }) => pod.phase === 'running',
    unmetText: () => 'it is not running',
    isUnknown: ({ pod }) => pod.phase === 'unknown',
  },
  'stop-offered': {
    stage: 'standing',
    isMet: ({ pod, action }) => pod.actions.includes(action),
    unmetText: ({ pod, action }) => `${serviceOf(pod)} does not offer to ${action} it now`,
    isUnknown: ({ pod }) => pod.actions.length === 0,
  },
  'not-locked': {
    stage: 'standing',
    isMet: ({ pod }) => pod.isLocked === false,
    unmetText: ({ pod }) =>
      pod.isLocked === null ? `${serviceOf(pod)} does not say whether it is locked` : 'it is locked',
    isUnknown: ({ pod }) => pod.isLocked === null,
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
      pod.startedAtMs === null
        ? `${serviceOf(pod)} does not say when it started`
        : 'it was started again in the meantime',
    isUnknown: ({ pod }) => pod.startedAtMs === null,
  },
  'still-quiet': {
    stage: 'due',
    isMet: ({ due }) => due.kind === 'known' && due.leftMs <= 0,
    unmetText: ({ cause, due }) => (due.kind === 'known' ? notDueText[cause] : due.why),
    isUnknown: ({ due }) => due.kind === 'unknown',
  },
  'cannot-tell': {
    stage: 'standing',
    isMet: ({ due }) => due.kind !== 'known' || due.doubt === null,
    unmetText: ({ due }) => {
      const why =
        due.kind === 'known' && due.doubt !== null ? doubtText(due.doubt) : 'Podkeeper has not looked inside'
      return `it isn’t certain from outside whether it is working: ${why}`
    },
    isUnknown: () => true,
  },
  ticked: {
    stage: 'standing',
    isMet: ({ isCauseEnabled }) => isCauseEnabled,
    unmetText: () => 'it is not selected for auto-stop',
  },
  'not-kept-on': {
    stage: 'standing',
    isMet: ({ keepOn }) => keepOn === null,
    unmetText: () => 'you keep it running',
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
      // Choosing to terminate required typing the pod's name below a list of what is destroyed.
      action === 'terminate' || podRules.mayLoseData === true || doesDataSurvive(pod),
    unmetText: ({ pod }) =>
      pod.areMountsKnown
        ? 'it has no volume and stopping would lose the container disk'
        : 'it is not known whether it has a volume',
    isUnknown: ({ pod }) => !pod.areMountsKnown,
  },
  'nothing-under-way': {
    stage: 'due',
    isMet: ({ hasOpenIntent }) => !hasOpenIntent,
    unmetText: () => 'another action is under way',
  },
  'retry-due': {
    stage: 'due',
    isMet: (facts) => retryLeftMs(facts) <= 0,
    unmetText: ({ retry }) => (retry === null ? '' : retryText(retry)),
  },
  'not-paused': {
    stage: 'standing',
    isMet: ({ rules }) => !rules.arePaused,
    unmetText: () => 'automatic stops are paused',
  },
  'under-hourly-limit': {
    stage: 'due',
    isMet: ({ rules, stopsLastHour }) => stopsLastHour + 1 <= rules.stopsPerHour,
    unmetText: ({ rules: { stopsPerHour } }) =>
      `the limit of ${stopsPerHour} automatic ${stopsPerHour === 1 ? 'stop' : 'stops'} an hour is reached`,
  },
  'not-a-dry-run': {
    stage: 'fresh',
    isMet: ({ isDryRun }) => !isDryRun,
    unmetText: () => 'auto-stop is in dry-run mode',
  },
}

/** Time until the next try, ms; 0 when nothing failed before. */
export const retryLeftMs = ({ retry }: StopFacts): number => retry?.leftMs ?? 0

/** What holds a stop in the pause after a failed try, while that lasts for more than `beyondMs`. */
export function retryBlock(facts: StopFacts, beyondMs = 0): ReturnType<typeof blockBy> | null {
  return retryLeftMs(facts) > beyondMs ? blockBy(facts, ['retry-due']) : null
}

/** "the last attempt failed (It said forbidden). The next one is at 15:10"; follows "since". */
function retryText({ failures, message, atMs }: StopRetry): string {
  const tries = failures === 1 ? 'the last attempt failed' : `the last ${failures} attempts failed`
  const why = message === null ? '' : ` (${plainName(message).replace(/\.$/, '')})`
  return `${tries}${why}. The next one is at ${formatTimeOfDay(atMs)}`
}

/** Whether a stop keeps any data: a volume of the pod or of the account. */
const doesDataSurvive = (pod: Pod): boolean => isDataKept(dataImpact(pod, 'stop'))

/** Unmet conditions up to `stage`, in definition order. */
export function blockedBy(facts: StopFacts, stage: ConditionDefinition['stage']): readonly StopCondition[] {
  const stages = { standing: ['standing'], due: ['standing', 'due'], fresh: ['standing', 'due', 'fresh'] }[
    stage
  ]
  return stopConditions.filter(
    (name) => stages.includes(definitions[name].stage) && !definitions[name].isMet(facts),
  )
}

/** Whether missing data alone keeps the condition from being met. */
export function isUnknown(name: StopCondition, facts: StopFacts): boolean {
  return definitions[name].isUnknown?.(facts) === true
}

/** The block by conditions that are not met: "Not stopped, since it has no volume and …; it is locked." */
export function blockBy(
  facts: StopFacts,
  conditions: readonly StopCondition[],
): { readonly conditions: readonly StopCondition[]; readonly text: string; readonly why: string } {
  const why = unmetText(facts, conditions)
  return { conditions, text: notDoneText(facts.action, why), why }
}

/** Why these conditions are not met, as a clause: "it has no volume and …; it is locked". */
export function unmetText(facts: StopFacts, conditions: readonly StopCondition[]): string {
  return conditions.map((name) => definitions[name].unmetText(facts)).join('; ')
}

/** The names of all conditions of an automatic stop. Each must hold on a fresh read. */
export const stopConditions = [
  'seen-afresh',
  'running',
  'stop-offered',
  'not-locked',
  'not-in-cluster',
  'same-run',
  'still-quiet',
  'cannot-tell',
  'ticked',
  'not-kept-on',
  'warned',
  'data-survives',
  'nothing-under-way',
  'retry-due',
  'not-paused',
  'under-hourly-limit',
  'not-a-dry-run',
] as const

export type StopCondition = (typeof stopConditions)[number]
