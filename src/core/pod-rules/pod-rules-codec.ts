import * as v from 'valibot'
import { type AccountGuard, type AutoStopMode, emptyGuard, type KeepOn, type PodRules } from './pod-rules'

/*
 * What a person told the guard, as `config.json` keeps it: by account, and in it by pod. Each value is read by itself,
 * so that one that makes no sense takes no other with it; whatever this version does not know stays in the file. What
 * cannot be read is taken in the sense that stops nothing.
 */

type Raw = Readonly<Record<string, unknown>>

const modes: readonly AutoStopMode[] = ['undecided', 'off', 'ticked', 'all']
const positive = v.pipe(v.number(), v.finite(), v.gtValue(0))
const keepOn = v.object({ sinceMs: v.number(), untilMs: v.nullable(v.number()) })

/** The guard of one account from the file's `guards`, with sentences about what made no sense. */
export function parseGuard(
  guards: Raw,
  accountId: string,
): { readonly guard: AccountGuard; readonly problems: readonly string[] } {
  const raw = rawOf(guards, accountId)
  if (raw === null) return { guard: emptyGuard, problems: [] }
  const problems: string[] = []
  const given = raw['autoStop']
  const autoStop = modes.find((mode) => mode === given) ?? 'undecided'
  if (given !== undefined && autoStop !== given)
    problems.push(
      'Which pods may be stopped automatically could not be read; none is, until you say so again.',
    )
  const pods: [string, PodRules][] = Object.keys(rawOf(raw, 'pods') ?? {}).map((podId) => {
    const { rules, unread } = parseRules(rawOf(rawOf(raw, 'pods') ?? {}, podId) ?? {})
    if (unread.length > 0)
      problems.push(`What you set for pod ${podId} could not all be read: ${unread.join(', ')}.`)
    return [podId, rules]
  })
  return { guard: { autoStop, pods: Object.fromEntries(pods) }, problems }
}

/** `guards` with the guard of one account in it, and all that it held besides. */
export function withGuard(guards: Raw, accountId: string, guard: AccountGuard): Raw {
  const raw = rawOf(guards, accountId) ?? {}
  const before = rawOf(raw, 'pods') ?? {}
  const ids = new Set([...Object.keys(before), ...Object.keys(guard.pods)])
  const pods = [...ids].flatMap((podId) => {
    const others = Object.entries(rawOf(before, podId) ?? {}).filter(([name]) => !isKnown(name))
    const entries = [...others, ...Object.entries(guard.pods[podId] ?? {})]
    return entries.length > 0 ? [[podId, Object.fromEntries(entries)] as const] : []
  })
  const account = { ...raw, autoStop: guard.autoStop, pods: Object.fromEntries(pods) }
  return Object.fromEntries([...Object.entries(guards), [accountId, account]])
}

/** How each rule is read; `fallback` stands for one that is there and makes no sense. */
const readers: {
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
  keepOn: { schema: keepOn, fallback: { sinceMs: 0, untilMs: null } satisfies KeepOn },
}

const isKnown = (name: string): boolean => Object.hasOwn(readers, name)

function parseRules(raw: Raw): { rules: PodRules; unread: readonly string[] } {
  const unread: string[] = []
  const entries: [string, unknown][] = []
  for (const [name, { schema, fallback }] of Object.entries(readers)) {
    if (!Object.hasOwn(raw, name)) continue
    const parsed = v.safeParse(schema, raw[name])
    if (!parsed.success) unread.push(name)
    const value = parsed.success ? parsed.output : fallback
    if (value !== undefined) entries.push([name, value])
  }
  return { rules: Object.fromEntries(entries), unread }
}

/** An own property that is an object. */
function rawOf(value: Raw, name: string): Raw | null {
  const inner = Object.hasOwn(value, name) ? value[name] : null
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as Raw) : null
}
