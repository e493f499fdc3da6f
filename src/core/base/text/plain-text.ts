const LINE_BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/gu
/** Control characters, format characters (zero-width, bidirectional) and lone surrogates. */
const INVISIBLE_CHARACTERS = /[\p{Cc}\p{Cf}\p{Cs}]/gu

/** Makes untrusted text safe to display: on one line, without control, escape or bidirectional characters. */
export function plainText(text: string): string {
  return text.replace(LINE_BREAKS, ' ').replace(INVISIBLE_CHARACTERS, '')
}

/** Escapes text for a notification body that is parsed as markup. */
export const escapeMarkup = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
