import * as v from 'valibot'
import {
  type AccountRules,
  autoStopModes,
  emptyAccountRules,
  groupRulesSchema,
  newPodGuardSchema,
  type PodRules,
  podRulesSchema,
} from './pod-rules'

/*
 * Reads and writes the guard's rules in `config.json`, by account and by pod. Each value is parsed
 * separately, so that an invalid one does not affect the others. Unknown fields are preserved. Invalid values
 * fall back to the choice that stops nothing.
 */

type RawObject = Readonly<Record<string, unknown>>

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
  const readNewPodGuard = v.safeParse(v.optional(newPodGuardSchema), raw['newPodGuard'])
  if (!readNewPodGuard.success)
    problems.push(
      'Podkeeper couldn’t read whether new pods get a guard. They get none until you choose again.',
    )
  const readGroupRules = v.safeParse(v.optional(groupRulesSchema), raw['groupRules'])
  if (!readGroupRules.success)
    problems.push(
      'Podkeeper couldn’t read the rules for several pods. No quiet pod is stopped automatically until they are applied again.',
    )
  const pods: [string, PodRules][] = Object.keys(objectIn(raw, 'pods') ?? {}).map((podId) => {
    const { rules, unreadable } = parsePodRules(objectIn(objectIn(raw, 'pods') ?? {}, podId) ?? {})
    if (unreadable.length > 0)
      problems.push(`Some rules of pod ${podId} could not be read: ${unreadable.join(', ')}.`)
    return [podId, rules]
  })
  const forNew = readNewPodGuard.success ? readNewPodGuard.output : undefined
  const groupRules = readGroupRules.success ? readGroupRules.output : undefined
  const rules = {
    autoStop,
    ...(forNew !== undefined && { newPodGuard: forNew }),
    ...(groupRules !== undefined && { groupRules }),
    ...(!readGroupRules.success && { areGroupRulesUnreadable: true as const }),
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
    // Those that this version can't read stay.
    ...(rules.groupRules !== undefined && { groupRules: rules.groupRules }),
    pods: Object.fromEntries(pods),
  }
  return Object.fromEntries([...Object.entries(guards), [accountId, account]])
}

/** What replaces an invalid value. Without one here, the rule is absent. */
const fallbacks: PodRules = {
  isAutoStopped: false,
  autoStopAfterMin: Number.MAX_SAFE_INTEGER,
  atMaxHours: 'stop',
  mayLoseData: false,
  isLowCpuIdle: false,
  keepOn: { sinceMs: 0, untilMs: null },
  podGuard: 'report',
}

const isKnownRule = (name: string): boolean => Object.hasOwn(podRulesSchema.entries, name)

/** Parses the rules of one pod. `unreadable`: the names of invalid ones. */
export function parsePodRules(raw: RawObject): { rules: PodRules; unreadable: readonly string[] } {
  const unreadable: string[] = []
  const entries: [string, unknown][] = []
  for (const [name, schema] of Object.entries(podRulesSchema.entries)) {
    if (!Object.hasOwn(raw, name)) continue
    const parsed = v.safeParse(schema, raw[name])
    if (!parsed.success) unreadable.push(name)
    const value = parsed.success ? parsed.output : fallbacks[name as keyof PodRules]
    if (value !== undefined) entries.push([name, value])
  }
  return { rules: Object.fromEntries(entries), unreadable }
}

/** An own property that is an object; null otherwise. */
function objectIn(value: RawObject, name: string): RawObject | null {
  const inner = Object.hasOwn(value, name) ? value[name] : null
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as RawObject) : null
}
