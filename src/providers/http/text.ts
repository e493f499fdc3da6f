const LINE_BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/gu
/** Control, format (zero-width, bidi) and lone surrogate characters. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}]/gu

/** Text from outside, made safe to show: one line, and nothing in it that cannot be seen. */
export function visibleText(text: string): string {
  return text.replace(LINE_BREAKS, ' ').replace(INVISIBLE, '').trim()
}

/** At most `maxChars` characters (code points) of `text`. */
export function capText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text
  return Array.from(text.slice(0, 2 * maxChars))
    .slice(0, maxChars)
    .join('')
    .trimEnd()
}

/** Words of a server for people: visible, without `secret`, capped. */
export function serverWords(text: string, secret: string, maxChars: number): string {
  // In this order: a secret broken up by invisible characters is whole again by then, and one at the end is not cut in half.
  const visible = visibleText(text)
  const redacted = secret === '' ? visible : visible.replaceAll(secret, '[key]')
  return capText(redacted, maxChars)
}
