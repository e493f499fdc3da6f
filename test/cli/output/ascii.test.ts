import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isAsciiLocale, toAscii, writeAscii } from '../../../src/cli/output/ascii'

test.each([
  [{ LC_ALL: 'C' }, true],
  [{ LANG: 'POSIX' }, true],
  [{ LC_CTYPE: 'C', LANG: 'de_DE.UTF-8' }, true],
  [{ LC_ALL: 'de_DE.UTF-8', LANG: 'C' }, false],
  [{ LC_ALL: 'C.UTF-8' }, false],
  // As in a container.
  [{}, false],
])('the locale of %j has nothing but ASCII: %j', (env, expected) => {
  expect(isAsciiLocale(env)).toBe(expected)
})

test.each([
  ['Podkeeper can’t stop “llama” – it’s locked …', 'Podkeeper can\'t stop "llama" - it\'s locked ...'],
  ['3 running · ≥ $4.00/hr × 2', '3 running - >= $4.00/hr x 2'],
  ['résumé Größe 模型 🦙', 'resume Gro?e ?? ?'],
])('%j is printed as %j', (text, expected) => {
  expect(toAscii(text)).toBe(expected)
})

test('JSON means the same, and any text is ASCII', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(JSON.parse(toAscii(JSON.stringify({ text }, null, 2)))).toEqual({ text })
      // oxlint-disable-next-line no-control-regex -- that of ASCII, too
      expect(toAscii(text)).toMatch(/^[\0-\u007f]*$/)
    }),
  )
})

test('a stream writes so, and bytes as they are', () => {
  const stream = new PassThrough()
  writeAscii(stream)
  stream.write('can’t')
  stream.write(Buffer.from('’'))
  expect(String(stream.read())).toBe("can't’")
})
