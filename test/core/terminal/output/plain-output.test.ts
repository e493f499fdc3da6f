import { describe, expect, test } from 'vitest'
import {
  effectSequences,
  joinEffects,
  noEffects,
  readPlainOutput,
} from '../../../../src/core/terminal/output/plain-output'

const read = (text: string) => readPlainOutput(Buffer.from(text))
const effectsOf = (text: string): readonly string[] =>
  effectSequences(read(text)?.effects ?? expect.fail('it is not plain')).map((each) =>
    Buffer.from(each).toString(),
  )

describe('output that only writes lines', () => {
  test.each([
    'text, é, 한, 😀\r\nand more\tof it\b\x07\r',
    '\x1b[31mred\x1b[0m \x1b[1;38;5;9;48;2;1;2;3mmore\x1b[m',
    '\x1b[Kerased\x1b[2K\x1b[5C\x1b[3D\x1b[7G',
    '\x1b[?25l\x1b[?2004h\x1b[?1l\x1b[?12h',
    '\x1b]0;title\x07\x1b]2;other\x1b\\\x1b]7;file://pod/root\x07\x1b]133;D;1\x07',
    '\x1b]8;;https://example.test\x1b\\link\x1b]8;;\x1b\\',
  ])('is plain: %j', (text) => {
    expect(read(text)).toMatchObject({ end: Buffer.from(text).length })
  })

  test.each([
    ['moves the cursor to another line', '\x1b[A'],
    ['puts the cursor somewhere', '\x1b[3;4H'],
    ['erases the screen', '\x1b[2J'],
    ['starts a full-screen program', '\x1b[?1049h'],
    ['sets several modes at once', '\x1b[?25;1049h'],
    ['sets another mode', '\x1b[?6h'],
    ['sets margins', '\x1b[2;5r'],
    ['scrolls', '\x1b[3S'],
    ['saves the cursor', '\x1b7'],
    ['resets the terminal', '\x1bc'],
    ['goes back a line', '\x1bM'],
    ['chooses other characters', '\x0e'],
    ['names other characters', '\x1b(0'],
    ['asks something', '\x1b[6n'],
    ['has a C1 control character', 'a\u0085b'],
    ['has a control character in a sequence', '\x1b[3\n1m'],
    ['is a sequence that is interrupted', '\x1b[3\x1b[m'],
    ['sets a color of the palette', '\x1b]4;1;red\x07'],
    ['copies', '\x1b]52;c;YQ==\x07'],
    ['is a string that is canceled', '\x1b]0;title\x18'],
    ['is a string of the device', '\x1bPq\x1b\\'],
    ['is a title of more than 4 KB', `\x1b]0;${'x'.repeat(5_000)}\x07`],
    ['is a color of 400 KB', `\x1b[${'1;'.repeat(200_000)}m`],
    ['is a sequence of 400 KB without its end', `\x1b[${'1;'.repeat(200_000)}`],
    ['sets 65 colors without a reset', Array.from({ length: 65 }, (_, at) => `\x1b[38;5;${at}mx`).join('')],
  ])('is not plain where it %s', (_name, text) => {
    expect(read(`before\r\n${text}after\r\n`)).toBeNull()
  })

  test.each([
    ['text\x1b', 4],
    ['text\x1b[3', 4],
    ['text\x1b]0;tit', 4],
    ['text\x1b]0;title\x1b', 4],
  ])('ends before what is incomplete: %j', (text, end) => {
    expect(read(text)?.end).toBe(end)
  })

  test('ends before an incomplete character', () => {
    expect(readPlainOutput(Buffer.from('aé').subarray(0, 2))?.end).toBe(1)
  })

  test('tells its lines, and whether there is a carriage return', () => {
    expect(read('a\nb\nc')).toMatchObject({ lineFeeds: 2, hasReturn: false })
    expect(read('a\r\nb\x1b[3')).toMatchObject({ lineFeeds: 1, hasReturn: true })
  })
})

describe('what outlasts lines', () => {
  test('are the colors since the last reset, each once, and of settings the last one', () => {
    expect(effectsOf('\x1b[31ma\x1b[0;1mb\x1b[32mc\x1b[1;0;4md')).toEqual([
      '\x1b[0;1m',
      '\x1b[32m',
      '\x1b[1;0;4m',
    ])
    expect(effectsOf('\x1b[?25l\x1b]0;one\x07\x1b[?25h\x1b]0;two\x07\x1b]2;three\x07')).toEqual([
      '\x1b[?25h',
      '\x1b]0;two\x07',
      '\x1b]2;three\x07',
    ])
  })

  test('are links and marks, in order', () => {
    expect(effectsOf('\x1b]133;A\x07\x1b]8;;a\x07x\x1b]8;;\x07\x1b]133;D;0\x07')).toEqual([
      '\x1b]8;;a\x07',
      '\x1b]8;;\x07',
      '\x1b]133;A\x07',
      '\x1b]133;D;0\x07',
    ])
  })

  test('of output that follows other output, is limited', () => {
    const effects = (text: string) => read(text)?.effects ?? noEffects
    const joined = joinEffects(effects('\x1b[0m\x1b[1m'), effects('\x1b[31mx'))
    expect(joined).toMatchObject({ resetsColors: true, colors: { length: 3 } })
    expect(joinEffects(effects('\x1b[1m'), effects('\x1b[0m'))).toMatchObject({ colors: { length: 1 } })
    const colors = (from: number) =>
      effects(Array.from({ length: 40 }, (_, at) => `\x1b[38;5;${from + at}mx`).join(''))
    expect(joinEffects(colors(0), colors(0))).toMatchObject({ colors: { length: 40 } })
    expect(joinEffects(colors(0), colors(100))).toBeNull()
    const marks = effects('\x1b]133;C\x07'.repeat(60))
    expect(joinEffects(marks, marks)).toMatchObject({ marks: { length: 64 } })
  })

  test('keeps none of the other output in memory', () => {
    const { effects } =
      read(`${'x'.repeat(60_000)}\x1b[31m\x1b]0;t\x07\x1b]8;;a\x07`) ?? expect.fail('not plain')
    for (const sequence of effectSequences(effects)) expect(sequence.buffer.byteLength).toBeLessThan(20)
  })
})
