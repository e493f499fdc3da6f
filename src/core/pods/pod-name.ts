// What moves the text around it, or cannot be seen: control characters and bidirectional overrides.
const HOSTILE = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu

/** A pod's name as one line of plain text, whoever chose it. Markup is left to whoever shows markup. */
export function plainName(name: string): string {
  return name.replace(HOSTILE, ' ').replace(/\s+/g, ' ').trim() || 'A pod without a name'
}

/** As `plainName`, cut to so many characters. */
export function shortName(name: string, length = 40): string {
  const characters = Array.from(plainName(name))
  return characters.length <= length
    ? characters.join('')
    : `${characters
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`
}
