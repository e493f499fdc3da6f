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

/** "a, b, c and 2 more": the first names of many. */
export function namesText(named: readonly { readonly name: string }[], maxCount = 5): string {
  const names = named.slice(0, maxCount).map(({ name }) => shortName(name))
  const others = named.length - names.length
  return `${names.join(', ')}${others > 0 ? ` and ${others} more` : ''}`
}

export const MAX_POD_NAME_CHARS = 100

export const invisibleNameText = 'Enter a name without invisible characters.'

/** Why something can't be called that, as a sentence; null: it can. */
export function podNameProblem(name: string): string | null {
  if (name.trim() === '') return 'Enter a name.'
  if (Array.from(name).length > MAX_POD_NAME_CHARS)
    return `Enter a name of at most ${MAX_POD_NAME_CHARS} characters.`
  return /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u.test(name) ? invisibleNameText : null
}
