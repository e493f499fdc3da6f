import { matchesWildcard } from './wildcards'

/** The connection that `Host` and `Match` lines are tested against. */
export interface MatchContext {
  /** The host name as requested. */
  readonly originalHost: string
  /** The host name as renamed by the config so far. */
  readonly host: string
  readonly user: string
  /** Null if unknown. */
  readonly localUser: string | null
  /** True during the second pass over the config, which `Match final` and `Match canonical` request. */
  readonly isFinal: boolean
}

/** Whether a `Host` line matches a host: at least one pattern matches and no negated pattern does. */
export function matchesHostLine(patterns: readonly string[], host: string): boolean {
  const isExcluded = patterns.some(
    (pattern) => pattern.startsWith('!') && matchesWildcard(host, pattern.slice(1)),
  )
  return !isExcluded && patterns.some((pattern) => matchesWildcard(host, pattern))
}

/**
 * Whether all conditions of a `Match` line hold. A condition that would have to run a program, or whose value
 * is unknown, never holds, and neither does its negation. Throws if a value is missing, as ssh also rejects
 * that.
 */
export function matchesMatchLine(words: readonly string[], context: MatchContext): boolean {
  const remaining = words.values()
  let doAllHold = true
  for (const word of remaining) {
    const [, not, name = '', inlineValue] = /^(!?)([^=]*)(?:=(.*))?$/s.exec(word) ?? []
    const kind = name.toLowerCase()
    const value = takesNoValue(kind) ? '' : (inlineValue ?? remaining.next().value)
    if (value === undefined) throw new Error('A condition has no value.')
    const answer = evaluateCriterion(kind, value, context)
    if (answer === null || answer === (not === '!')) doAllHold = false
  }
  return doAllHold
}

const takesNoValue = (kind: string): boolean => ['all', 'final', 'canonical'].includes(kind)

function evaluateCriterion(kind: string, value: string, context: MatchContext): boolean | null {
  switch (kind) {
    case 'all':
      return true
    case 'final':
    case 'canonical':
      return context.isFinal
    case 'host':
      return matchesHostLine(value.toLowerCase().split(','), context.host.toLowerCase())
    case 'originalhost':
      return matchesHostLine(value.toLowerCase().split(','), context.originalHost.toLowerCase())
    case 'user':
      return matchesHostLine(value.split(','), context.user)
    case 'localuser':
      return context.localUser === null ? null : matchesHostLine(value.split(','), context.localUser)
    default:
      return null
  }
}
