import * as v from 'valibot'
import {
  type AccountRules,
  type AutoStopMode,
  emptyAccountRules,
  type KeepOn,
  type PodRules,
} from './pod-rules'

/*
 * Reads and writes the guard's rules in `config.json`, by account and by pod. Each value is parsed
 * separately, so that an invalid one does not affect the others. Unknown fields are preserved. Invalid values
 * fall back to the choice that stops nothing.
 */

type RawObject = Readonly<Record<string, unknown>>

const autoStopModes: readonly AutoStopMode[] = ['undecided', 'off', 'ticked', 'all']
const positive = v.pipe(v.number(), v.finite(), v.gtValue(0))
const newPodGuard = v.object({ wish: v.picklist(['stop', 'report']), sinceMs: positive })
const keepOn = v.object({ sinceMs: v.number(), untilMs: v.nullable(v.number()) })

/**
 * Parses the rules of one account from the file's `guards`. The problems are sentences about invalid values.
 */
export function parseAccountRules(
  guards: RawObject,
  accountId: string,
): { readonly rules: AccountRules; readonly problems: readonly string[] } {
  const raw = objectIn(guards, accountId)
  if (raw === null) return { rules: emptyAccountRules, problems: [] }
  const problems: string[] = []
  const stored = raw['autoStop']
  const autoStop = autoStopModes.find((mode) => mode === stored) ?? 'undecided'
  if (stored !== undefined && autoStop !== stored)
    problems.push(
      'Podkeeper couldn’t read which pods may be stopped automatically. None is until you choose again.',
    )
  const readNewPodGuard = v.safeParse(v.optional(newPodGuard), raw['newPodGuard'])
  if (!readNewPodGuard.success)
    problems.push(
      'Podkeeper couldn’t read whether new pods get a guard. They get none until you choose again.',
    )
  const pods: [string, PodRules][] = Object.keys(objectIn(raw, 'pods') ?? {}).map((podId) => {
    const { rules, unreadable } = parsePodRules(objectIn(objectIn(raw, 'pods') ?? {}, podId) ?? {})
    if (unreadable.length > 0)
      problems.push(`Some rules of pod ${podId} could not be read: ${unreadable.join(', ')}.`)
    return [podId, rules]
  })
  const forNew = readNewPodGuard.success ? readNewPodGuard.output : undefined
  const rules = {
    autoStop,
    ...(forNew !== undefined && { newPodGuard: forNew }),
    pods: Object.fromEntries(pods),
  }
  return { rules, problems }
}

/** `guards` with the rules of one account replaced and everything else preserved. */
export function withAccountRules(guards: RawObject, accountId: string, rules: AccountRules): RawObject {
  const { newPodGuard: _before, ...raw } = objectIn(guards, accountId) ?? {}
  const before = objectIn(raw, 'pods') ?? {}
  const ids = new Set([...Object.keys(before), ...Object.keys(rules.pods)])
  const pods = [...ids].flatMap((podId) => {
    const others = Object.entries(objectIn(before, podId) ?? {}).filter(([name]) => !isKnownRule(name))
    const entries = [...others, ...Object.entries(rules.pods[podId] ?? {})]
    return entries.length > 0 ? [[podId, Object.fromEntries(entries)] as const] : []
  })
  const account = {
    ...raw,
    autoStop: rules.autoStop,
    ...(rules.newPodGuard !== undefined && { newPodGuard: rules.newPodGuard }),
    pods: Object.fromEntries(pods),
  }
  return Object.fromEntries([...Object.entries(guards), [accountId, account]])
}

/** The parser of each rule; `fallback` replaces an invalid value. */
const ruleReaders: {
  readonly [K in keyof Required<PodRules>]: {
    readonly schema: v.GenericSchema<unknown, Required<PodRules>[K]>
    readonly fallback?: Required<PodRules>[K]
  }
} = {
  isAutoStopped: { schema: v.boolean(), fallback: false },
  idleAlertAfterMin: { schema: positive },
  autoStopAfterMin: { schema: positive, fallback: Number.MAX_SAFE_INTEGER },
  maxHours: { schema: positive },
  atMaxHours: { schema: v.picklist(['stop', 'terminate']), fallback: 'stop' },
  monthlyBudgetUsd: { schema: positive },
  atBudget: { schema: v.literal('stop') },
  mayLoseData: { schema: v.boolean(), fallback: false },
  isLowCpuIdle: { schema: v.boolean(), fallback: false },
  keepOn: { schema: keepOn, fallback: { sinceMs: 0, untilMs: null } satisfies KeepOn },
  armedGuard: { schema: v.object({ startedAtMs: positive, idleLimitS: positive }) },
  podGuard: { schema: v.picklist(['stop', 'report']), fallback: 'report' },
  isGuardPostStarted: { schema: v.literal(true) },
  isPodGuardProven: { schema: v.literal(true) },
  podGuardKeepUntilS: { schema: positive },
  isPodGuardRemoved: { schema: v.literal(true) },
}

/** What a program may ask to change. To terminate at the maximum hours is confirmed, and not asked for in this way. */
export const podRuleChangesSchema = v.strictObject({
  isAutoStopped: v.exactOptional(v.nullable(v.boolean())),
  idleAlertAfterMin: v.exactOptional(v.nullable(positive)),
  autoStopAfterMin: v.exactOptional(v.nullable(positive)),
  maxHours: v.exactOptional(v.nullable(positive)),
  atMaxHours: v.exactOptional(v.nullable(v.literal('stop'))),
  monthlyBudgetUsd: v.exactOptional(v.nullable(positive)),
  atBudget: v.exactOptional(v.nullable(v.literal('stop'))),
  mayLoseData: v.exactOptional(v.nullable(v.boolean())),
  isLowCpuIdle: v.exactOptional(v.nullable(v.boolean())),
})

const isKnownRule = (name: string): boolean => Object.hasOwn(ruleReaders, name)

/** Parses the rules of one pod. `unreadable`: the names of invalid ones. */
export function parsePodRules(raw: RawObject): { rules: PodRules; unreadable: readonly string[] } {
  const unreadable: string[] = []
  const entries: [string, unknown][] = []
  for (const [name, { schema, fallback }] of Object.entries(ruleReaders)) {
    if (!Object.hasOwn(raw, name)) continue
    const parsed = v.safeParse(schema, raw[name])
    if (!parsed.success) unreadable.push(name)
    const value = parsed.success ? parsed.output : fallback
    if (value !== undefined) entries.push([name, value])
  }
  return { rules: Object.fromEntries(entries), unreadable }
}

/** An own property that is an object; null otherwise. */
function objectIn(value: RawObject, name: string): RawObject | null {
  const inner = Object.hasOwn(value, name) ? value[name] : null
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as RawObject) : null
}
