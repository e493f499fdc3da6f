import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCopyRequest } from '../../../../../src/renderer/terminal/screen/clipboard/copy-request'
import { MAX_COPIED_CHARS } from '../../../../../src/shared/requests/pod/terminal-requests'

describe('an OSC 52 request', () => {
  const base64 = (text: string): string =>
    btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''))

  test('to write is decoded in any language', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        expect(readCopyRequest(`c;${base64(text)}`)).toEqual({ kind: 'write', text })
      }),
    )
    expect(readCopyRequest(`;${base64('a')}`)).toEqual({ kind: 'write', text: 'a' })
  })

  test('to read is recognized, and everything invalid is nonsense', () => {
    expect(readCopyRequest('c;?')).toEqual({ kind: 'read' })
    for (const data of ['', 'c', 'c;', 'c;***', 'x;YQ==', 'c;/w==', '?'])
      expect(readCopyRequest(data)).toEqual({ kind: 'invalid' })
  })

  test('is too long beyond the limit, whatever its encoding', () => {
    expect(readCopyRequest(`c;${base64('x'.repeat(MAX_COPIED_CHARS))}`).kind).toBe('write')
    expect(readCopyRequest(`c;${base64('x'.repeat(MAX_COPIED_CHARS + 1))}`)).toEqual({ kind: 'too-long' })
    expect(readCopyRequest(`c;${'A'.repeat(10_000_000)}`)).toEqual({ kind: 'too-long' })
  })
})
