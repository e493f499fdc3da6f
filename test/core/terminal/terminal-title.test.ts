import fc from 'fast-check'
import { expect, test } from 'vitest'
import { terminalTitle } from '../../../src/core/terminal/terminal-title'
import { anyCharacter } from '../../harness/base/any-character'

test('a title is plain text', () => {
  expect(terminalTitle('  vim\x1b[31m \u202Etxt.exe\u0000 ')).toBe('vim[31m txt.exe')
})

test('no title is longer than 200 characters or holds a control character', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter, maxLength: 2_000 }), (text) => {
      const title = terminalTitle(text)
      expect(Array.from(title).length).toBeLessThanOrEqual(200)
      expect(title).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
    }),
  )
})
