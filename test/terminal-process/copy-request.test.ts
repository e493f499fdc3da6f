import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_COPIED_CHARS } from '../../src/shared/terminal-process'
import { readCopyRequest } from '../../src/terminal-process/copy-request'

describe('an OSC 52 request', () => {
  const base64 = (text: string): string => Buffer.from(text).toString('base64')

  test('to write is decoded in any language', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        expect(readCopyRequest(`c;${base64(text)}`)).toBe(text)
      }),
    )
    expect(readCopyRequest(`;${base64('a')}`)).toBe('a')
  })

  test('to read, or an invalid one, sets nothing', () => {
    for (const data of ['c;?', '', 'c', 'c;', 'c;***', 'x;YQ==', 'c;/w==', '?'])
      expect(readCopyRequest(data)).toBeNull()
  })

  test('sets nothing beyond the limit, whatever its encoding', () => {
    expect(readCopyRequest(`c;${base64('x'.repeat(MAX_COPIED_CHARS))}`)).toHaveLength(MAX_COPIED_CHARS)
    expect(readCopyRequest(`c;${base64('x'.repeat(MAX_COPIED_CHARS + 1))}`)).toBeNull()
    expect(readCopyRequest(`c;${'A'.repeat(10_000_000)}`)).toBeNull()
  })
})
