import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_TAIL_BYTES, tailAfter } from '../../../../src/core/terminal/output/partial-sequence'

const none = new Uint8Array(0)
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const tailOf = (text: string): string => new TextDecoder().decode(tailAfter(none, bytesOf(text)))

test.each([
  ['plain text', ''],
  ['done \x1b[31m', ''],
  ['begun \x1b', '\x1b'],
  ['begun \x1b[', '\x1b['],
  ['begun \x1b[38;5;1', '\x1b[38;5;1'],
  ['a control within \x1b[3\r', '\x1b[3\r'],
  ['cancelled \x1b[3\x18', ''],
  ['a title \x1b]0;half', '\x1b]0;half'],
  ['a title \x1b]0;whole\x07', ''],
  ['a title \x1b]0;whole\x1b\\', ''],
  ['a title whose end has begun \x1b]0;whole\x1b', '\x1b'],
  ['a title, with the terminator as one character \x1b]0;whole\x9c', ''],
  ['a string that no bell ends \x1bPq\x07', '\x1bPq\x07'],
  ['a character set \x1b(', '\x1b('],
  ['a character set \x1b(B', ''],
  ['a reset \x1bc', ''],
  ['one in another \x1b]0;x\x1b[1', '\x1b[1'],
])('the incomplete end of %j is %j', (text, tail) => expect(tailOf(text)).toBe(tail))

test.each(['é', '€', '😀'])('a split character is kept, at every position: %s', (character) => {
  const bytes = bytesOf(`x${character}`)
  for (let end = 1; end <= bytes.length; end++) {
    const isWhole = end === 1 || end === bytes.length
    expect([...tailAfter(none, bytes.subarray(0, end))]).toEqual(isWhole ? [] : [...bytes.subarray(1, end)])
  }
})

test('bytes that are not characters leave no tail', () => {
  expect(tailAfter(none, new Uint8Array([0x80, 0x80, 0x80, 0x80, 0x80]))).toEqual(none)
})

const anyStream = fc.array(
  fc.oneof(
    fc.constantFrom('\x1b', '\x1b[', ']', '0;', 'm', '\x07', '\x18', 'P', '\\', '(', '\x9c').map(bytesOf),
    fc.constantFrom('é', '€', '😀', 'text').map(bytesOf),
    fc.uint8Array({ maxLength: 3 }),
  ),
  { maxLength: 30 },
)

test('the tail does not depend on how the stream is split', () => {
  fc.assert(
    fc.property(anyStream, (parts) => {
      const whole = Uint8Array.from(parts.flatMap((part) => [...part]))
      const inParts = parts.reduce((tail, part) => tailAfter(tail, part), none)
      expect([...inParts]).toEqual([...tailAfter(none, whole)])
    }),
    { numRuns: 2_000 },
  )
})

test('the tail is a part of the end of the stream, and shares no memory with it', () => {
  fc.assert(
    fc.property(anyStream, (parts) => {
      const whole = Uint8Array.from(parts.flatMap((part) => [...part]))
      const tail = tailAfter(none, whole)
      expect([...tail]).toEqual([...whole.subarray(whole.length - tail.length)])
      if (tail.length > 0) expect(tail.buffer).not.toBe(whole.buffer)
    }),
  )
})

test('the tail of an endless string is its beginning, and is dropped once the end arrives', () => {
  let tail = tailAfter(none, bytesOf('\x1b]0;'))
  for (let part = 0; part < 100; part++) tail = tailAfter(tail, new Uint8Array(32 * 1024).fill(65))
  expect(tail.length).toBe(MAX_TAIL_BYTES)
  expect(tail[0]).toBe(0x1b)
  expect(tailAfter(tail, bytesOf('\x07text'))).toEqual(none)
})
