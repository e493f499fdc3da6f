import { matchesWildcard } from './wildcards'

/** Whom the lines after a `Host` or `Match` may be for. */
export interface MatchContext {
  /** As it was asked for. */
  readonly originalHost: string
  /** As the config names it so far. */
  readonly host: string
  readonly user: string
  /** Null: not known. */
  readonly localUser: string | null
  /** The config is gone through a second time, since it asked for that. */
  readonly isFinal: boolean
}

/** Whether a `Host` line names a host: one of its patterns has to, and none may exclude it. */
export function matchesHostLine(patterns: readonly string[], host: string): boolean {
  const isExcluded = patterns.some(
    (pattern) => pattern.startsWith('!') && matchesWildcard(host, pattern.slice(1)),
  )
  return !isExcluded && patterns.some((pattern) => matchesWildcard(host, pattern))
}

/**
 * Whether all that a `Match` line asks holds. What would have to be run or is not known here never does, nor does its
 * negation. Throws where a word is missing, as ssh refuses that.
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
