import { formatDuration, formatMoment } from '../base/text/format'
import {
  type AccountRules,
  type AutoStopMode,
  type KeepOnChoice,
  noGroupRules,
  type PodRuleChanges,
  type PodRules,
  ownRulesOf,
  podRulesOf,
  ruleOriginsOf,
} from './pod-rules'
import type { AccountContext } from './account-context'
import { type ArmedPods, armedPods } from './armed-pods'
import { createKeepOn } from './keep-on'
import {
  changesText,
  groupRulesUnreadableText,
  newPodGuardText,
  podGuardText,
  postStartText,
  stopTimeForAllText,
} from './pod-rules-text'
import { plannedStartProblem } from './planned-start'
import { podRuleProblem } from './pod-rules-validation'
import { type Pod, type PodId, podNotListedText } from '../pods/pod'
import { fail, ok, type Result } from '../base/result'
import { HOUR_MS } from '../base/time/time'

/** Why a pod can’t be terminated at its maximum hours. */
export const noMaxHoursText = 'Set maximum hours for this pod first.'

const overLimitText = (hours: number): string =>
  `The rules of this account allow ${formatDuration(hours * HOUR_MS)} at most. To keep this pod longer, use Keep running.`

/**
 * Changes the rules of an account on behalf of the user. Ok means that the change is on disk and in effect.
 * Errors are sentences.
 */
export interface PodRulesEditor {
  /** Holds alerts, automatic stops and maximum hours of the pod. */
  keepOn(podId: PodId, choice: KeepOnChoice): Result<void, string>
  endKeepOn(podId: PodId): Result<void, string>
  changePodRules(podId: PodId, changes: PodRuleChanges): Result<void, string>
  /**
   * Terminates the pod instead of stopping it when its maximum hours are over. Requires a confirmation with
   * the pod's name typed.
   */
  terminateAtMaxHours(podId: PodId): Result<void, string>
  setAutoStop(mode: Exclude<AutoStopMode, 'undecided'>): Result<void, string>
  /**
   * When all pods of the account are stopped that have no time of day of their own, unless they are in use: see
   * `isStopTimeText`. Null: at none.
   */
  setStopTime(stopAt: string | null): Result<void, string>
  /** What auto-stop for selected pods would stop, with these pods selected, too. */
  podsArmedWith(podIds: readonly PodId[]): ArmedPods
  /** Null: no guard in the pod. Requires a confirmation that shows its script. */
  setPodGuard(podId: PodId, podGuard: 'stop' | 'report' | null): Result<void, string>
  /** Whether the image starts the guard with the container. Requires a confirmation that shows what is added there. */
  setGuardPostStarted(podId: PodId, isPostStarted: boolean): Result<void, string>
  /** For pods that are created from now on. Null: none. Requires a confirmation that shows its script. */
  setNewPodGuard(wish: 'stop' | 'report' | null): Result<void, string>
}

export const autoStopModeText: Readonly<Record<Exclude<AutoStopMode, 'undecided'>, string>> = {
  off: 'Auto-stop is off.',
  ticked: 'Auto-stop is on for the pods you selected.',
  all: 'Auto-stop is on for all pods except those you excluded.',
}

/** `onChange` is called when rules changed; null: for every pod. */
export interface PodRulesEditorParts {
  readonly findPod: (podId: PodId) => Pod | null
  /** The time at which a hold begins that is made now, Unix ms. */
  readonly newHoldMs: () => number
  /** Null: of all pods. */
  readonly onChange: (podId: PodId | null) => void
}

export function createPodRulesEditor(
  context: AccountContext,
  { findPod, newHoldMs, onChange }: PodRulesEditorParts,
): PodRulesEditor {
  const { accountId, accountRules: rulesStore, clock, settings, utcOffset } = context

  const hasNewPodGuard = (): boolean => rulesStore.load(accountId).newPodGuard !== undefined

  /** Changes the rules of the pod and logs `text`. */
  function updatePodRules(
    podId: PodId,
    what: string,
    text: (pod: Pod) => string,
    change: (rules: PodRules) => PodRules,
  ): Result<void, string> {
    const pod = findPod(podId)
    if (pod === null) return fail(podNotListedText)
    return update(what, text(pod), pod, (accountRules) => ({
      ...accountRules,
      pods: { ...accountRules.pods, [podId]: change(podRulesOf(accountRules, podId)) },
    }))
  }

  function update(
    what: string,
    text: string,
    pod: Pod | null,
    change: (accountRules: AccountRules) => AccountRules,
  ): Result<void, string> {
    const written = rulesStore.update(accountId, change)
    if (!written.ok) return fail(`Nothing was changed: ${written.error}.`)
    const { wallMs: atMs } = clock.now()
    const [podId, podName] = [pod?.id ?? null, pod?.name ?? null]
    const recorded = context.auditLog.record({
      atMs,
      accountId,
      podId,
      podName,
      kind: 'rule',
      what,
      text,
      tone: 'plain',
    })
    // The rule applies even if it cannot be logged, so that the user's choice is never lost.
    if (!recorded.ok) context.report('A change of rules could not be saved', recorded.error)
    onChange(podId)
    return ok(undefined)
  }

  return {
    keepOn(podId, choice) {
      const nowMs = newHoldMs()
      const keepOn = createKeepOn(choice, nowMs, utcOffset)
      const until =
        keepOn.untilMs === null ? 'until you cancel' : `until ${formatMoment(keepOn.untilMs, { nowMs })}`
      return updatePodRules(
        podId,
        'keep-on',
        ({ name }) => `${name} is kept running ${until}.`,
        (rules) => ({ ...rules, keepOn }),
      )
    },

    endKeepOn: (podId) =>
      updatePodRules(
        podId,
        'end-keep-on',
        ({ name }) => `${name} is no longer kept running.`,
        (rules) => without(rules, 'keepOn'),
      ),

    changePodRules(podId, changes) {
      const accountRules = rulesStore.load(accountId)
      const before = podRulesOf(accountRules, podId)
      const origins = ruleOriginsOf(accountRules, podId)
      const limitHours = accountRules.groupRules?.allPods.maxHours
      if (limitHours !== undefined && (changes.maxHours ?? 0) > limitHours)
        return fail(overLimitText(limitHours))
      const changed = withChanges(before, changes)
      const isBudgetShared = origins.monthlyBudgetUsd !== undefined && changes.monthlyBudgetUsd === undefined
      const problem = podRuleProblem(
        isBudgetShared ? ownRulesOf(changed, origins) : changed,
        changes,
        settings(),
      )
      const startProblem = plannedStartProblem(changed, changes, clock.now().wallMs)
      if (startProblem !== null) return fail(startProblem)
      if (problem !== null) return fail(problem)
      return updatePodRules(
        podId,
        'pod-rules',
        ({ name }) => `${name}: ${changesText(changes)}.`,
        (rules) => withChanges(rules, changes),
      )
    },

    terminateAtMaxHours(podId) {
      const accountRules = rulesStore.load(accountId)
      const { maxHours } = ownRulesOf(podRulesOf(accountRules, podId), ruleOriginsOf(accountRules, podId))
      if (maxHours === undefined) return fail(noMaxHoursText)
      return updatePodRules(
        podId,
        'at-max-hours',
        ({ name }) => `${name} is terminated, not stopped, once its maximum hours are over.`,
        (rules) => ({ ...rules, atMaxHours: 'terminate' }),
      )
    },

    setPodGuard: (podId, podGuard) =>
      updatePodRules(
        podId,
        'pod-guard',
        ({ name }) => `${name}: ${podGuardText[podGuard ?? 'none']}.`,
        (rules) =>
          podGuard === null
            ? {
                ...without(without(rules, 'podGuard'), 'isGuardPostStarted'),
                ...(hasNewPodGuard() && { isPodGuardRemoved: true }),
              }
            : { ...without(rules, 'isPodGuardRemoved'), podGuard },
      ),

    setGuardPostStarted: (podId, isPostStarted) =>
      updatePodRules(
        podId,
        'pod-guard',
        ({ name }) => `${name}: ${postStartText[isPostStarted ? 'on' : 'off']}.`,
        (rules) =>
          isPostStarted ? { ...rules, isGuardPostStarted: true } : without(rules, 'isGuardPostStarted'),
      ),

    setNewPodGuard: (wish) =>
      update('new-pod-guard', newPodGuardText[wish ?? 'none'], null, ({ newPodGuard: _before, ...rules }) =>
        wish === null ? rules : { ...rules, newPodGuard: { wish, sinceMs: clock.now().wallMs } },
      ),

    podsArmedWith: (podIds) =>
      armedPods(rulesStore.load(accountId), podIds, {
        findPod,
        autoStopAfterMin: settings().autoStopAfterMin,
      }),

    setAutoStop: (autoStop) =>
      update('auto-stop', autoStopModeText[autoStop], null, (rules) => ({ ...rules, autoStop })),

    setStopTime(stopAt) {
      if (rulesStore.load(accountId).areGroupRulesUnreadable === true) return fail(groupRulesUnreadableText)
      return update('group-rules', stopTimeForAllText(stopAt), null, (rules) => {
        const { allPods, patterns } = rules.groupRules ?? noGroupRules
        const { stopAt: _before, ...others } = allPods
        const changed = { allPods: stopAt === null ? others : { ...others, stopAt }, patterns }
        return { ...rules, groupRules: changed }
      })
    },
  }
}

const without = (rules: PodRules, name: keyof PodRules): PodRules =>
  Object.fromEntries(Object.entries(rules).filter(([other]) => other !== name))

/**
 * Null removes a rule. New maximum hours reset the choice to terminate, removing a budget removes its stop, and a
 * planned start and its price go together.
 */
export function withChanges(rules: PodRules, changes: PodRuleChanges): PodRules {
  const { atMaxHours, ...others } = rules
  const isOtherMaximum = changes.maxHours !== undefined && changes.maxHours !== rules.maxHours
  const kept = isOtherMaximum || atMaxHours === undefined ? others : { ...others, atMaxHours }
  const entries = Object.entries({ ...kept, ...changes }).filter(([, value]) => value !== null)
  const isSet = (rule: keyof PodRules): boolean => entries.some(([name]) => name === rule)
  const needed: Readonly<Record<string, keyof PodRules>> = {
    atBudget: 'monthlyBudgetUsd',
    startMaxPerHourUsd: 'startAt',
  }
  return Object.fromEntries(entries.filter(([name]) => needed[name] === undefined || isSet(needed[name])))
}
