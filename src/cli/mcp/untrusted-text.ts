import { plainText } from '../../core/base/text/plain-text'
import { redact } from '../../core/base/text/redact'

/*
 * Names, logs and reasons are written by pods and services. An agent gets them marked as data, bounded, without control
 * characters and secrets, and unable to end the mark themselves.
 */

export const MAX_TEXT_CHARS = 300
export const MAX_DATA_CHARS = 48_000

const BEGIN = '<untrusted-data>'
const END = '</untrusted-data>'

/** One value for display. */
export const bounded = (text: string, maxChars = MAX_TEXT_CHARS): string => {
  const clean = redact(plainText(text).replaceAll(IGNORABLE, '')).replaceAll(MARK, '(untrusted-data')
  return clean.length > maxChars ? `${clean.slice(0, maxChars)}… (cut)` : clean
}

/** Characters that no reader sees, and with which a mark would look like ours. */
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu
/** Also as a reader who is not strict might take it. */
const MARK = /[<＜‹][\s/\\]*untrusted[\s_-]*data/gi

/** What a tool found, below a sentence of ours. Every text in `value` is bounded, and so is the whole. */
export function untrustedData(value: unknown, maxChars = MAX_DATA_CHARS): string {
  const text = JSON.stringify(cleaned(value, 0), null, 1)
  const cut = text.length > maxChars ? `${text.slice(0, maxChars)}\n… (cut; ask for less)` : text
  return `${BEGIN}\n${cut}\n${END}`
}

/** The same for lines of a log, of which the last ones are kept. */
export function untrustedLines(lines: readonly string[], maxChars = MAX_DATA_CHARS): string {
  const kept: string[] = []
  let chars = 0
  for (const line of [...lines].reverse()) {
    const clean = bounded(line, 2_000)
    chars += clean.length + 1
    if (chars > maxChars) break
    kept.push(clean)
  }
  const cut = kept.length < lines.length ? '… (earlier lines cut)\n' : ''
  return `${BEGIN}\n${cut}${kept.reverse().join('\n')}\n${END}`
}

const MAX_DEPTH = 8

function cleaned(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return bounded(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth > MAX_DEPTH) return null
  if (Array.isArray(value)) return value.map((each) => cleaned(each, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [bounded(name, 100), cleaned(each, depth + 1)]),
  )
}
