import fc from 'fast-check'

const SURROGATES_FROM = 0xd800
const SURROGATES = 0x800

/**
 * Any Unicode character except surrogates, as the `unit` of `fc.string`. It generates the same characters as
 * `'binary'`, whose setup takes a second of CPU time in each test file.
 */
export const anyCharacter = fc
  .integer({ min: 0, max: 0x10_ffff - SURROGATES })
  .map((code) => String.fromCodePoint(code < SURROGATES_FROM ? code : code + SURROGATES), codeOf)

/** The code of a character, by which fast-check also generates names like `__proto__`. Throws for anything else. */
function codeOf(character: unknown): number {
  const code = typeof character === 'string' ? character.codePointAt(0) : undefined
  if (code === undefined || String.fromCodePoint(code) !== character) throw new TypeError('not a character')
  return code < SURROGATES_FROM ? code : code - SURROGATES
}
