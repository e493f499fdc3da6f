import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  cleanPaste,
  encodePaste,
  LONG_PASTE_CHARS,
  pasteRisk,
} from '../../../../../src/renderer/terminal/screen/clipboard/clean-paste'
import { splitInput } from '../../../../../src/renderer/terminal/screen/input-queue'
import { anyCharacter } from '../../../../harness/base/any-character'

const anyText = fc.string({ unit: anyCharacter, maxLength: 300 })
const withControls = fc
  .array(
    fc.oneof(
      fc.constantFrom('\u001B[201~', '\u009B', '\r\n', '\n', '\r', '\t', '\0', '\u007F', '\u0085'),
      anyText,
    ),
  )
  .map((parts) => parts.join(''))

test('a cleaned paste contains no control characters, whatever was pasted', () => {
  fc.assert(
    fc.property(withControls, (text) => {
      for (const unit of cleanPaste(text)) {
        const code = unit.codePointAt(0) ?? 0
        const isControl = code < 0x20 || (code >= 0x7f && code <= 0x9f)
        expect(isControl && unit !== '\t' && unit !== '\r').toBe(false)
      }
    }),
  )
})

test('cleaning keeps all other characters and line breaks', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), (lines) => {
      expect(cleanPaste(lines.join('\r\n'))).toBe(lines.join('\r'))
      expect(cleanPaste(lines.join('\n'))).toBe(lines.join('\r'))
    }),
  )
})

test('no paste can end bracketed paste mode', () => {
  fc.assert(
    fc.property(withControls, (text) => {
      const typed = encodePaste(cleanPaste(text), true)
      expect(typed.indexOf('\u001B[201~')).toBe(typed.length - '\u001B[201~'.length)
    }),
  )
  expect(encodePaste('ls', false)).toBe('ls')
})

test('a paste is confirmed when each of its lines would run, or when it is long', () => {
  expect(pasteRisk('ls', false)).toBeNull()
  expect(pasteRisk('ls\r', false)).toEqual({ kind: 'lines', count: 1 })
  expect(pasteRisk('ls\rpwd\r', false)).toEqual({ kind: 'lines', count: 2 })
  expect(pasteRisk('ls\rpwd\r', true)).toBeNull()
  expect(pasteRisk('x'.repeat(LONG_PASTE_CHARS), true)).toBeNull()
  expect(pasteRisk('x'.repeat(LONG_PASTE_CHARS + 1), true)).toEqual({
    kind: 'long',
    chars: LONG_PASTE_CHARS + 1,
  })
})

test('input is split into parts of limited length without splitting characters', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      fc.integer({ min: 2, max: 40 }),
      (text, maxUnits) => {
        const parts = splitInput(text, maxUnits)
        expect(parts.join('')).toBe(text)
        for (const part of parts) {
          expect(part.length).toBeGreaterThan(0)
          expect(part.length).toBeLessThanOrEqual(maxUnits)
          // Well-formed text survives a round trip through bytes.
          expect(new TextDecoder().decode(new TextEncoder().encode(part))).toBe(part)
        }
      },
    ),
  )
})
