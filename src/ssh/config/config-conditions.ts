import { matches } from './wildcards'

/** Whom the lines after a `Host` or `Match` may be for. */
export interface ConfigSubject {
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
export function isHost(patterns: readonly string[], host: string): boolean {
  const isExcluded = patterns.some((pattern) => pattern.startsWith('!') && matches(host, pattern.slice(1)))
  return !isExcluded && patterns.some((pattern) => matches(host, pattern))
}

/**
 * Whether all that a `Match` line asks holds. What would have to be run or is not known here never does, nor does its
 * negation. Throws where a word is missing, as ssh refuses that.
 */
export function isMatch(words: readonly string[], subject: ConfigSubject): boolean {
  const left = words.values()
  let holds = true
  for (const word of left) {
    const [, not, name = '', given] = /^(!?)([^=]*)(?:=(.*))?$/s.exec(word) ?? []
    const kind = name.toLowerCase()
    const value = isAlone(kind) ? '' : (given ?? left.next().value)
    if (value === undefined) throw new Error('A condition has no value.')
    const answer = criterion(kind, value, subject)
    if (answer === null || answer === (not === '!')) holds = false
  }
  return holds
}

const isAlone = (kind: string): boolean => ['all', 'final', 'canonical'].includes(kind)

function criterion(kind: string, value: string, subject: ConfigSubject): boolean | null {
  switch (kind) {
    case 'all':
      return true
    case 'final':
    case 'canonical':
      return subject.isFinal
    case 'host':
      return isHost(value.toLowerCase().split(','), subject.host.toLowerCase())
    case 'originalhost':
      return isHost(value.toLowerCase().split(','), subject.originalHost.toLowerCase())
    case 'user':
      return isHost(value.split(','), subject.user)
    case 'localuser':
      return subject.localUser === null ? null : isHost(value.split(','), subject.localUser)
    default:
      return null
  }
}
