import { describe, expect, test } from 'vitest'
import { type OutputGrammar, harmlessOutput, hostileOutput } from '../../../../bench/hostile/grammar'
import { createSeededRandom } from '../../../../bench/seeded-random'
import { createOutputFilter } from '../../../../src/core/terminal/output/output-filter'

const SIZE = { columns: 80, rows: 24 }

const filtered = (chunks: readonly Uint8Array[], size = SIZE): string => {
  const filter = createOutputFilter(() => size)
  return Buffer.concat(chunks.flatMap((chunk) => filter(chunk))).toString('latin1')
}
const after = (text: string): string => Buffer.from(filtered([Buffer.from(text)]), 'latin1').toString()

const outputOf = (grammar: OutputGrammar, seed: number, count: number): Uint8Array => {
  const random = createSeededRandom(seed)
  return Buffer.concat(Array.from({ length: count }, () => grammar(random)))
}

describe('a count', () => {
  test.each([
    ['\x1b[8000000S', '\x1b[24S'],
    ['\x1b[2147483647T', '\x1b[24T'],
    ['\x1b[99999999999999999999L', '\x1b[24L'],
    ['\x1b[0000000000025M', '\x1b[24M'],
    ['\x1b[81I', '\x1b[80I'],
    ['\x1b[999;5Z', '\x1b[80Z'],
    ['a\x1b[2147483647b', 'a\x1b[1920b'],
    ['\u009b999S', '\x1b[24S'],
    ['\x1b\n[9\r99S', '\x1b\n\r[24S'],
    ['\x1b\x7f[99\x7f9S', '\x1b[24S'],
    ['\x1b]0;title\x1b[999S', '\x1b]0;title\x1b[24S'],
  ])('of %j is limited to the screen', (output, wanted) => {
    expect(after(output)).toBe(wanted)
  })

  test('of a repeated character is limited on a huge screen too', () => {
    expect(filtered([Buffer.from('\x1b[1000000b')], { columns: 1_000, rows: 1_000 })).toBe('\x1b[4000b')
  })

  test.each([
    'plain text, é, 한, 😀\r\n',
    '\x1b[24S\x1b[5T\x1b[L\x1b[0M',
    '\x1b[1920b\x1b[80I',
    '\x1b[999C\x1b[999;999H\x1b[999A',
    '\x1b[?2026h\x1b[38;2;255;255;255m\x1b[>4;2m',
    '\x1b[?999S\x1b[999 S\x1b[999 @',
    '\x1b]8;;https://example.test/?n=999S\x1b\\x\x1b]8;;\x1b\\',
    '\x1bP$q999S\x1b\\\x1b(0\x1b#8\x1b7\x1bc',
    '\x1b[999\x1b[1m\x1b[999\x18S',
  ])('of %j is left as it is', (output) => {
    expect(after(output)).toBe(output)
  })
})

describe('bytes about which terminals disagree', () => {
  test.each([
    [[0x1b, 0x5b, 0x39, 0x39, 0x39, 0xff, 0x53], '\x1b\x18S'],
    [[0x1b, 0xff, 0x5b, 0x39, 0x39, 0x39, 0x53], '\x1b\x18[999S'],
    [[0x1b, 0x5b, 0x39, 0xe2, 0x82, 0x53], '\x1b\x18S'],
    [[0xe2, 0xc2, 0x9b, 0x39, 0x39, 0x53], '\xe2\x1b[24S'],
    [[0x1b, 0xc2, 0x9b, 0x39, 0x39, 0x53], '\x1b\x18\x1b[24S'],
  ])('in %j end a sequence without effect', (output, wanted) => {
    expect(filtered([Uint8Array.from(output)])).toBe(wanted)
  })
})

test('a sequence of more than 1 KB has no effect, and is not kept', () => {
  const long = Buffer.from(`a\x1b[${'1;'.repeat(2_000_000)}mb\x1b[${';'.repeat(2_000)}Sc`)
  expect(filtered([long])).toBe('a\x1b\x18b\x1b\x18c')
  const chunks = Array.from({ length: 10 }, (_, at) =>
    long.subarray((at * long.length) / 10, ((at + 1) * long.length) / 10),
  )
  expect(filtered(chunks)).toBe('a\x1b\x18b\x1b\x18c')
})

describe('output in chunks', () => {
  test.each([
    ['harmless', harmlessOutput],
    ['hostile', hostileOutput],
  ] as const)('that is %s comes out the same, wherever it is split', (_name, grammar) => {
    for (let seed = 1; seed <= 300; seed++) {
      const output = outputOf(grammar, seed, 40)
      const whole = filtered([output])
      const bytes = Array.from(output, (byte) => Uint8Array.of(byte))
      expect(filtered(bytes), `seed ${seed}, byte by byte`).toBe(whole)
      const random = createSeededRandom(seed)
      const chunks: Uint8Array[] = []
      for (let at = 0; at < output.length;) {
        const length = random.integer(1, 30)
        chunks.push(output.subarray(at, at + length))
        at += length
      }
      expect(filtered(chunks), `seed ${seed}, in ${chunks.length} chunks`).toBe(whole)
    }
  })

  test('is held back only while a character or a sequence is incomplete', () => {
    const filter = createOutputFilter(() => SIZE)
    const pass = (text: string): string =>
      Buffer.concat(filter(Buffer.from(text, 'latin1'))).toString('latin1')
    expect([pass('a\x1b'), pass('[9'), pass('99Sb'), pass('\xe2\x82'), pass('\xac')]).toEqual([
      'a\x1b',
      '',
      '[24Sb',
      '',
      '\xe2\x82\xac',
    ])
  })
})

describe('a piece', () => {
  test('has at most 64 KB, and splits no character', () => {
    const pieces = createOutputFilter(() => SIZE)(Buffer.from('漢'.repeat(50_000)))
    expect(Buffer.concat(pieces).toString()).toBe('漢'.repeat(50_000))
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(64 * 1024 + 4)
    for (const piece of pieces) expect(Buffer.from(piece).toString()).not.toContain('\ufffd')
  })

  test('has fewer sequences the more work they are', () => {
    const size = { columns: 400, rows: 200 }
    const pieces = createOutputFilter(() => size)(Buffer.from('\x1b[200S'.repeat(100)))
    expect(pieces.length).toBeGreaterThan(10)
    const cheap = createOutputFilter(() => size)(Buffer.from('\x1b[1m'.repeat(100)))
    expect(cheap).toHaveLength(1)
  })
})
