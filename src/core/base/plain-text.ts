const LINE_BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/gu
/** Control, format (zero-width, direction) and lone surrogate characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}]/gu

/** Text from outside as it may be shown: it moves no cursor, sets no colour, turns no line around. */
export function plainText(text: string): string {
  return text.replace(LINE_BREAKS, ' ').replace(UNSEEN, '')
}

/** Text as the body of a notification whose server reads markup. */
export const escapeMarkup = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
