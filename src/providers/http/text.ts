const LINE_BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/gu
/** Control characters, format characters (zero-width, bidi) and lone surrogates. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}]/gu

/** Makes external text safe to show: one line without invisible characters. */
export function visibleText(text: string): string {
  return text.replace(LINE_BREAKS, ' ').replace(INVISIBLE, '').trim()
}

/** The first `maxChars` characters (code points) of `text`. */
export function capText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text
  return Array.from(text.slice(0, 2 * maxChars))
    .slice(0, maxChars)
    .join('')
    .trimEnd()
}

/** A server's message prepared for display: visible characters only, without `secret`, limited in length. */
export function redactServerText(text: string, secret: string, maxChars: number): string {
  // The order matters: removing invisible characters first rejoins a secret that they split, and truncating
  // last cannot cut a secret in half.
  const visible = visibleText(text)
  const redacted = secret === '' ? visible : visible.replaceAll(secret, '[key]')
  return capText(redacted, maxChars)
}
