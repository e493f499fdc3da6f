// Control characters and bidirectional overrides.
const UNSAFE_CHARACTERS = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu

/** A pod's name as one line of plain text. Markup is not escaped. */
export function plainName(name: string): string {
  return name.replace(UNSAFE_CHARACTERS, ' ').replace(/\s+/g, ' ').trim() || 'A pod without a name'
}

/** Like `plainName`, truncated to `length` characters. */
export function shortName(name: string, length = 40): string {
  const characters = Array.from(plainName(name))
  return characters.length <= length
    ? characters.join('')
    : `${characters
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`
}
