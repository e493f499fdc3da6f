import * as v from 'valibot'
import type { ReadonlyOutput } from '../base/readonly-output'
import type { PodId } from '../pods/pod'
import type { Result } from '../base/result'
import { isStartTimeText, startTimeProblem } from './start-time'
import { isStopTimeText, stopTimeProblem } from './stop-time'

/*
 * The rules that the user sets, as stored and as shown. They are evaluated in policy.ts. See
 * docs/product-rules.md#31-rules.
 */

export const autoStopModes = ['undecided', 'off', 'ticked', 'all'] as const
/**
 * Which pods of an account may be stopped automatically. `undecided`: the user has not chosen yet, so none.
 */
export type AutoStopMode = (typeof autoStopModes)[number]

export const keepOnChoices = ['1-hour', '4-hours', 'morning', 'until-told'] as const
export type KeepOnChoice = (typeof keepOnChoices)[number]

const positive = v.pipe(v.number(), v.finite(), v.gtValue(0))

/** See `isStopTimeText`. */
export const stopTimeSchema = v.pipe(v.string(), v.maxLength(100), v.check(isStopTimeText, stopTimeProblem))

/** See `isStartTimeText`. */
export const startTimeSchema = v.pipe(v.string(), v.maxLength(40), v.check(isStartTimeText, startTimeProblem))

const keepOnSchema = v.object({ sinceMs: v.number(), untilMs: v.nullable(v.number()) })

/**
 * Keeps a pod running however idle it is: no alerts and no automatic stops. Unix ms; `untilMs` null: until
 * canceled.
 */
export type KeepOn = ReadonlyOutput<typeof keepOnSchema>

const armedGuardSchema = v.object({ startedAtMs: positive, idleLimitS: positive })

/** A guard in a pod that may stop the run of the pod which began at `startedAtMs` (Unix ms). */
export type ArmedGuard = ReadonlyOutput<typeof armedGuardSchema>

/** Each rule is read by its entry alone: see `parsePodRules`. */
export const podRulesSchema = v.object({
  /** Selected or deselected by the user; absent: as the account's mode says. */
  isAutoStopped: v.exactOptional(v.boolean()),
  idleAlertAfterMin: v.exactOptional(positive),
  autoStopAfterMin: v.exactOptional(positive),
  /** Counted from the pod's start. */
  maxHours: v.exactOptional(positive),
  /** `terminate` requires a confirmation of its own, with the pod's name typed. */
  atMaxHours: v.exactOptional(v.picklist(['stop', 'terminate'])),
  /** When it is stopped unless it is in use: see `isStopTimeText`. */
  stopAt: v.exactOptional(stopTimeSchema),
  /** When it is started once: see `isStartTimeText`. Needs maximum hours and `startMaxPerHourUsd`. */
  startAt: v.exactOptional(startTimeSchema),
  /** It is not started if it costs more then, USD per hour. */
  startMaxPerHourUsd: v.exactOptional(positive),
  /** USD per month (UTC). An alert is shown once it is spent. */
  monthlyBudgetUsd: v.exactOptional(positive),
  /** Stops the pod once its confirmed spend reaches the budget; absent: only an alert. */
  atBudget: v.exactOptional(v.literal('stop')),
  /** Allows an automatic stop that loses data outside of volumes, or of a pod without volumes. */
  mayLoseData: v.exactOptional(v.boolean()),
  /**
   * Counts CPU below 3% as idle although it cannot be told apart from one busy core. Absent: off. See
   * docs/product-rules.md#25-quiet.
   */
  isLowCpuIdle: v.exactOptional(v.boolean()),
  keepOn: v.exactOptional(keepOnSchema),
  /** No rule: the guard in the pod that was last read as able to stop it. */
  armedGuard: v.exactOptional(armedGuardSchema),
  /**
   * The guard in the pod: whether it may stop the pod, or only reports. Absent: there is none. See
   * docs/product-rules.md#141-guard-in-the-pod.
   */
  podGuard: v.exactOptional(v.picklist(['stop', 'report'])),
  /** The image starts the guard with the container, by a block in `/post_start.sh`. */
  isGuardPostStarted: v.exactOptional(v.literal(true)),
  /** A stop by the guard in this pod was seen to work. */
  isPodGuardProven: v.exactOptional(v.literal(true)),
  /** A person removed it, so that the rule for new pods doesn't bring it back. */
  isPodGuardRemoved: v.exactOptional(v.literal(true)),
  /** No rule: since when complete lists don't have the pod, Unix ms. See docs/product-rules.md#31-rules. */
  goneSinceMs: v.exactOptional(positive),
})

/** The rules of one pod. Absent fields follow the account and the settings. */
export type PodRules = ReadonlyOutput<typeof podRulesSchema>

/** What is not set like other rules. */
export type PodGuardRule =
  | 'podGuard'
  | 'isGuardPostStarted'
  | 'isPodGuardProven'
  | 'isPodGuardRemoved'
  | 'armedGuard'
  | 'goneSinceMs'

/** What a program may ask to change. To terminate at the maximum hours is confirmed, and not asked for in this way. */
export const podRuleChangesSchema = v.strictObject({
  isAutoStopped: v.exactOptional(v.nullable(v.boolean())),
  idleAlertAfterMin: v.exactOptional(v.nullable(positive)),
  autoStopAfterMin: v.exactOptional(v.nullable(positive)),
  maxHours: v.exactOptional(v.nullable(positive)),
  atMaxHours: v.exactOptional(v.nullable(v.literal('stop'))),
  stopAt: v.exactOptional(v.nullable(stopTimeSchema)),
  startAt: v.exactOptional(v.nullable(startTimeSchema)),
  startMaxPerHourUsd: v.exactOptional(v.nullable(positive)),
  monthlyBudgetUsd: v.exactOptional(v.nullable(positive)),
  atBudget: v.exactOptional(v.nullable(v.literal('stop'))),
  mayLoseData: v.exactOptional(v.nullable(v.boolean())),
  isLowCpuIdle: v.exactOptional(v.nullable(v.boolean())),
})

/** Changes to a pod's rules; null: back to the account's default. */
export type PodRuleChanges = ReadonlyOutput<typeof podRuleChangesSchema>

/** What a rule for several pods can set. To terminate at the maximum hours was confirmed for one pod, so it is not among them. */
export const groupRuleNames = [
  'isAutoStopped',
  'idleAlertAfterMin',
  'autoStopAfterMin',
  'maxHours',
  'stopAt',
  'monthlyBudgetUsd',
  'atBudget',
  'mayLoseData',
  'isLowCpuIdle',
] as const
export type GroupRuleName = (typeof groupRuleNames)[number]

const { entries: values } = v.pick(podRulesSchema, groupRuleNames)
export const groupRuleValuesSchema = v.strictObject(values)
export type GroupRuleValues = ReadonlyOutput<typeof groupRuleValuesSchema>

const line = (maxLength: number) =>
  v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(maxLength), v.regex(/^[^\p{Cc}]+$/u))

const podMatchSchema = v.pipe(
  v.strictObject({
    /** A pattern with `*` and `?`. */
    name: v.exactOptional(line(200)),
    /** A part of the GPU's name, in which `*` and `?` can stand. */
    gpu: v.exactOptional(line(100)),
    /** One of the pod's labels, whole. */
    label: v.exactOptional(line(100)),
  }),
  v.check((match) => Object.keys(match).length > 0, 'needs at least one of name, gpu and label'),
)
/** All that is given must match. */
export type PodMatch = ReadonlyOutput<typeof podMatchSchema>

export const patternRuleSchema = v.strictObject({
  /** Unique within the account, whatever its case. */
  name: line(60),
  match: podMatchSchema,
  ...values,
})
export type PatternRule = ReadonlyOutput<typeof patternRuleSchema>

export const MAX_PATTERN_RULES = 100

export const groupRulesSchema = v.strictObject({
  allPods: groupRuleValuesSchema,
  /** The first one that matches and has a value gives it. */
  patterns: v.pipe(v.array(patternRuleSchema), v.maxLength(MAX_PATTERN_RULES)),
})
export type GroupRules = ReadonlyOutput<typeof groupRulesSchema>

export const noGroupRules: GroupRules = { allPods: {}, patterns: [] }

const ruleOriginSchema = v.variant('kind', [
  v.object({ kind: v.literal('pattern'), name: v.string() }),
  v.object({ kind: v.literal('all-pods') }),
])
/** Where a rule of a pod is from that isn't its own. */
export type RuleOrigin = ReadonlyOutput<typeof ruleOriginSchema>
export type RuleOrigins = { readonly [K in GroupRuleName]?: RuleOrigin }

export const ruleOriginsSchema: v.GenericSchema<unknown, RuleOrigins> = v.object(
  v.entriesFromList(groupRuleNames, v.exactOptional(ruleOriginSchema)),
)

export const newPodGuardSchema = v.object({ wish: v.picklist(['stop', 'report']), sinceMs: positive })

/** The guard of each pod that is created after that moment, Unix ms. */
export type NewPodGuard = ReadonlyOutput<typeof newPodGuardSchema>

/** The rules of one account. */
export interface AccountRules {
  readonly autoStop: AutoStopMode
  /** Absent: new pods get no guard. */
  readonly newPodGuard?: NewPodGuard
  /** Absent: there are none. */
  readonly groupRules?: GroupRules
  readonly areGroupRulesUnreadable?: true
  readonly pods: Readonly<Record<PodId, PodRules>>
  /** Which rules of `pods` are from `groupRules`. Never stored. */
  readonly origins?: Readonly<Record<PodId, RuleOrigins>>
}

export const emptyAccountRules: AccountRules = { autoStop: 'undecided', pods: {} }

/** Persists the rules of each account across restarts. */
export interface AccountRulesStore {
  load(accountId: string): AccountRules
  /** Changes the rules as they are now, whichever program wrote them. Ok means that it is on disk. */
  update(accountId: string, change: (rules: AccountRules) => AccountRules): Result<void, string>
}

export const ruleOriginsOf = ({ origins }: AccountRules, podId: string): RuleOrigins =>
  (origins !== undefined && Object.hasOwn(origins, podId) ? origins[podId] : undefined) ?? {}

/** The rules that the pod has of its own, of those that apply to it. */
export const ownRulesOf = (rules: PodRules, origins: RuleOrigins): PodRules =>
  Object.fromEntries(Object.entries(rules).filter(([name]) => !Object.hasOwn(origins, name)))

export function podRulesOf({ pods }: AccountRules, podId: string): PodRules {
  return (Object.hasOwn(pods, podId) ? pods[podId] : undefined) ?? {}
}
