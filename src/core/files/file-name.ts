import { withoutEnd } from '../base/text/without-end'

/*
 * File names are bytes on a pod and on most computers. Here they are text from which the bytes follow: a byte that is
 * no UTF-8 is a lone surrogate, U+DC80 to U+DCFF, as Python has it. Paths are names with "/" between them.
 */

const SHORTEST = [0, 0x80, 0x800, 0x10000]

/** The text of a name. Two names never have the same. */
export function decodeName(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let at = 0; at < bytes.length;) {
    const read = readCodePoint(bytes, at)
    parts.push(
      read === null ? String.fromCharCode(0xdc00 + (bytes[at] ?? 0)) : String.fromCodePoint(read.point),
    )
    at += read?.length ?? 1
  }
  return parts.join('')
}

function readCodePoint(
  bytes: Uint8Array,
  at: number,
): { readonly point: number; readonly length: number } | null {
  const first = bytes[at] ?? 0
  if (first < 0x80) return { point: first, length: 1 }
  const more = first >= 0xf0 && first < 0xf8 ? 3 : first >= 0xe0 ? 2 : 1
  if (first < 0xc0 || first >= 0xf8) return null
  let point = first & (0x3f >> more)
  for (let next = 1; next <= more; next += 1) {
    const byte = bytes[at + next]
    if (byte === undefined || (byte & 0xc0) !== 0x80) return null
    point = (point << 6) | (byte & 0x3f)
  }
  const isValid = point >= (SHORTEST[more] ?? 0) && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff)
  return isValid ? { point, length: more + 1 } : null
}

/** The bytes of a name; null if no name has this text. */
export function encodeName(name: string): Uint8Array | null {
  const bytes: number[] = []
  for (const character of name) {
    const point = character.codePointAt(0) ?? 0
    if (point >= 0xdc80 && point <= 0xdcff) bytes.push(point - 0xdc00)
    else if (point >= 0xd800 && point <= 0xdfff) return null
    else if (point < 0x80) bytes.push(point)
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), tail(point))
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), tail(point >> 6), tail(point))
    else bytes.push(0xf0 | (point >> 18), tail(point >> 12), tail(point >> 6), tail(point))
  }
  return Uint8Array.from(bytes)
}

const tail = (point: number): number => 0x80 | (point & 0x3f)

/** Whether the name is text that every system can store. */
export const isWellFormed = (name: string): boolean => !/\p{Cs}/u.test(name)

/** For display, on one line: what can't be seen is escaped ("a\nb", "\xff", "\u202e"). */
export function displayName(name: string): string {
  return name.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const point = character.codePointAt(0) ?? 0
    const known = { 9: '\\t', 10: '\\n', 13: '\\r' }[point]
    if (known !== undefined) return known
    // Emoji are joined and presented by these.
    if (point === 0x200d) return character
    const isByte = point < 0x100 || (point >= 0xdc80 && point <= 0xdcff)
    return isByte
      ? `\\x${(point & 0xff).toString(16).padStart(2, '0')}`
      : `\\u${point.toString(16).padStart(4, '0')}`
  })
}

/** The last name of a path; empty for the root. */
export const lastName = (path: string): string => withoutEnd(path, '/').split('/').at(-1) ?? ''

/** The path of `name` in a folder; an empty folder is where relative paths begin. */
export const joinPath = (folder: string, name: string): string =>
  folder === '' || folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`
