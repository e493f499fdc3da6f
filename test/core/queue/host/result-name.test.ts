import { posix, win32 } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseResultName } from '../../../../src/core/queue/host/result-name'

describe('the name of a result', () => {
  it.each([
    ['model.safetensors', ['model.safetensors']],
    ['checkpoints/step 14000/model.pt', ['checkpoints', 'step 14000', 'model.pt']],
    ['.hidden/überblick-日本.txt', ['.hidden', 'überblick-日本.txt']],
    ['console.log', ['console.log']],
    ["it's [1] (2).txt", ["it's [1] (2).txt"]],
  ])('%s is used as it is', (name, parts) => {
    expect(parseResultName(name)).toEqual({ ok: true, value: parts })
  })

  it.each([
    '',
    '/',
    '/etc/passwd',
    '..',
    '../up',
    'a/../../up',
    'a//b',
    './a',
    'a/.',
    'C:\\up',
    'c:up',
    'a\\..\\up',
    '\\\\host\\share',
    'stream:hidden',
    'NUL',
    'con.txt',
    'a/Lpt1',
    'COM¹.log',
    'dot.',
    'space ',
    ' space',
    'new\nline',
    'nul\0',
    '\u001B[2J',
    'right\u202Eleft',
    'zero\u200Bwidth',
    'lone\uD800',
    'a*b',
    `${'a/'.repeat(40)}b`,
    'x'.repeat(201),
  ])('%j is refused', (name) => {
    expect(parseResultName(name).ok).toBe(false)
  })

  it('never leads out of a folder, on any system', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('.', '..', '/', '\\', ':', 'a', 'C', ' ', '\0', '~', 'nul'),
    })
    fc.assert(
      fc.property(hostile, (name) => {
        const parts = parseResultName(name)
        if (!parts.ok) return
        expect(posix.join('/chosen', ...parts.value)).toBe(`/chosen/${name}`)
        expect(win32.resolve('D:\\chosen', ...parts.value)).toBe(`D:\\chosen\\${parts.value.join('\\')}`)
      }),
    )
  })
})
