/** Bytes of a text in UTF-8. */
export function utf8Bytes(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}

/** UTF-16 units, of which a text never has fewer than characters. */
export const utf16Units = (text: string): number => text.length

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/**
 * The beginning of a text whose size is `max` at most, with "…" where something is left out. Characters stay whole,
 * those of several code points too, unless one alone is too large. `sizeOf` is that of a piece as it is sent, escaped.
 */
export function cutText(text: string, max: number, sizeOf: (piece: string) => number): string {
  if (sizeOf(text) <= max) return text
  const ellipsisSize = sizeOf('…')
  if (ellipsisSize > max) return ''
  let kept = ''
  let size = ellipsisSize
  for (const { segment } of graphemes.segment(text)) {
    const pieces = kept === '' && size + sizeOf(segment) > max ? Array.from(segment) : [segment]
    for (const piece of pieces) {
      size += sizeOf(piece)
      if (size > max) return `${kept.trimEnd()}…`
      kept += piece
    }
  }
  return `${kept.trimEnd()}…`
}
