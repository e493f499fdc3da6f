import { mergeRanges, replaceRanges, type StyledText, type TextRange } from './log-line'
import type { LogSource } from '../pods/pod-logs'

export const HIDDEN = '[hidden]'

/** The start of a secret at the end of a line is hidden from so many characters on, whatever follows. */
const MIN_PART_CHARS = 6
/** Shorter secrets are only looked for as a whole: their parts are common words. */
const MIN_SPLIT_CHARS = 8

/** Hides secrets in the lines of a log, given in the order in which they were printed. */
export interface SecretMask {
  mask(source: LogSource, line: StyledText): StyledText
}

/**
 * Hides each of `secrets` wherever it stands, and also where the end of a line cuts it: long lines arrive in pieces. At
 * such a border at most 5 characters of a secret are seen.
 */
export function createSecretMask(secrets: readonly string[]): SecretMask {
  const splittable = secrets.filter((secret) => secret.length >= MIN_SPLIT_CHARS)
  /** For each source: the starts of secrets, by their length, with which what was printed so far ends. */
  const openStarts = new Map<LogSource, readonly OpenStart[]>()

  return {
    mask(source, line) {
      const { text } = line
      if (secrets.length === 0 || text === '') return line
      const ranges: TextRange[] = secrets.flatMap((secret) => occurrences(text, secret))
      const open: OpenStart[] = []
      for (const { secret, length } of openStarts.get(source) ?? []) {
        const rest = secret.slice(length)
        if (text.startsWith(rest)) ranges.push({ from: 0, to: rest.length })
        else if (rest.startsWith(text)) {
          open.push({ secret, length: length + text.length })
          if (length + text.length >= MIN_PART_CHARS) ranges.push({ from: 0, to: text.length })
        }
      }
      for (const secret of splittable)
        for (const length of startsAtEnd(text, secret)) {
          open.push({ secret, length })
          if (length >= MIN_PART_CHARS) ranges.push({ from: text.length - length, to: text.length })
        }
      openStarts.set(source, open)
      return ranges.length === 0 ? line : replaceRanges(line, mergeRanges(ranges), HIDDEN)
    },
  }
}

interface OpenStart {
  readonly secret: string
  readonly length: number
}

/** Those that overlap included. */
function occurrences(text: string, secret: string): readonly TextRange[] {
  const ranges: TextRange[] = []
  for (let from = text.indexOf(secret); from !== -1; from = text.indexOf(secret, from + 1))
    ranges.push({ from, to: from + secret.length })
  return ranges
}

/** The lengths of the starts of `secret`, without the whole, with which `text` ends. */
function startsAtEnd(text: string, secret: string): readonly number[] {
  const lengths: number[] = []
  const last = text.charCodeAt(text.length - 1)
  for (let length = Math.min(secret.length - 1, text.length); length > 0; length -= 1)
    if (secret.charCodeAt(length - 1) === last && text.endsWith(secret.slice(0, length))) lengths.push(length)
  return lengths
}
