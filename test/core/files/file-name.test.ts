import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeName,
  displayName,
  encodeName,
  isWellFormed,
  joinPath,
  lastName,
} from '../../../src/core/files/file-name'

/** Any text that is well formed. */
const text = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff })))
  .map((points) => String.fromCodePoint(...points))

describe('a name', () => {
  it('has the bytes that it was read from, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(Array.from(encodeName(decodeName(bytes)) ?? [])).toEqual(Array.from(bytes))
      }),
    )
  })

  it('is the text of its UTF-8', () => {
    fc.assert(
      fc.property(text, (name) => {
        expect(decodeName(new TextEncoder().encode(name))).toBe(name)
        expect(Buffer.from(encodeName(name) ?? []).equals(Buffer.from(name))).toBe(true)
      }),
    )
  })

  it('keeps bytes that are overlong, surrogates, too large or cut off', () => {
    for (const bytes of [
      [0xc0, 0xaf],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xe2, 0x82],
      [0x80],
      [0xff],
    ]) {
      const name = decodeName(Uint8Array.from(bytes))
      expect(isWellFormed(name)).toBe(false)
      expect(name).toHaveLength(bytes.length)
    }
  })

  it('that no bytes stand for has none', () => {
    expect(encodeName('\ud800')).toBeNull()
    expect(encodeName('\udc00')).toBeNull()
    expect(encodeName('\udcff')).toEqual(Uint8Array.of(0xff))
  })

  it('shows what can’t be seen', () => {
    expect(displayName('a\nb\t\u001b[31m\u202e\udcff')).toBe('a\\nb\\t\\x1b[31m\\u202e\\xff')
    expect(displayName('two words 🧪 👩‍🔬 é')).toBe('two words 🧪 👩‍🔬 é')
  })
})

it('a path has a last name and takes another', () => {
  expect(lastName('/workspace/data//')).toBe('data')
  expect(lastName('/')).toBe('')
  expect(joinPath('/', 'a')).toBe('/a')
  expect(joinPath('a/', 'b')).toBe('a/b')
  expect(joinPath('', 'b')).toBe('b')
})
