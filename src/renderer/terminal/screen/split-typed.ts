/** `text` in parts of at most `most` UTF-16 units, none of which ends within a character. `most` is 2 or more. */
export function splitTyped(text: string, most: number): readonly string[] {
  const parts: string[] = []
  let from = 0
  while (from < text.length) {
    let to = Math.min(from + most, text.length)
    if (to < text.length && isHigh(text.charCodeAt(to - 1)) && isLow(text.charCodeAt(to))) to -= 1
    parts.push(text.slice(from, to))
    from = to
  }
  return parts
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff
