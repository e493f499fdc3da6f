import fc from 'fast-check'
import { expect, test } from 'vitest'
import { colorize, span, truncateLine, wantsColor } from '../../../src/cli/output/color'
import { type Column, tableLines } from '../../../src/cli/output/table'
import { plainText } from '../../../src/core/base/text/plain-text'
import { padText, textWidth, truncateText, wrapText } from '../../../src/cli/output/text'
import { anyCharacter } from '../../harness/base/any-character'

test('text cannot move the cursor, change colors or direction, or break a line', () => {
  expect(plainText('\u001b[2Ja\u202eb\u200fc\r\nd\u2028e\u0000\ud800')).toBe('[2Jabc d e')
  fc.assert(
    fc.property(
      fc.string({ unit: anyCharacter }),
      (text) => !/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u.test(plainText(text)),
    ),
  )
})

test('a span of a line is plain text, whatever it is given', () => {
  expect(span('\u001b[2Ja\u202e', 'bad')).toEqual({ text: '[2Ja', tone: 'bad' })
})

test('width is counted in terminal columns', () => {
  expect(['abc', '日本語', 'é', 'e\u0301', '👩‍🔬', '×', ''].map(textWidth)).toEqual([3, 6, 1, 1, 2, 1, 0])
})

test('truncated text fits and shows that it was truncated', () => {
  expect([
    truncateText('abcdef', 6),
    truncateText('abcdef', 4),
    truncateText('日本語', 4),
    truncateText('abc', 0),
  ]).toEqual(['abcdef', 'abc…', '日…', ''])
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.nat(50),
      (text, columns) => textWidth(truncateText(plainText(text), columns)) <= columns,
    ),
  )
})

test('text is padded on either side', () => {
  expect([padText('日', 4), padText('a', 4, 'right'), padText('abcde', 4)]).toEqual(['日  ', '   a', 'abcde'])
})

test('words are wrapped, and a word that is too long is split', () => {
  expect(wrapText('one two three', 7)).toEqual(['one two', 'three'])
  expect(wrapText('abcdefgh ij', 4).join('')).toBe('abcdefghij')
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 3, max: 40 }), (text, columns) =>
      wrapText(plainText(text), columns).every((line) => textWidth(line) <= columns),
    ),
  )
})

test('color is used on terminals only, and never if disabled', () => {
  expect(wantsColor({}, true, true)).toBe(true)
  expect([
    wantsColor({}, false, true),
    wantsColor({}, true, false),
    wantsColor({ NO_COLOR: '1' }, true, true),
    wantsColor({ TERM: 'dumb' }, true, true),
  ]).toEqual([false, false, false, false])
  expect(wantsColor({ NO_COLOR: '' }, true, true)).toBe(true)
  expect(colorize([span('a', 'bad'), span(' b')], true)).toBe('\u001b[31ma\u001b[0m b')
  expect(colorize([span('a', 'bad'), span(' b')], false)).toBe('a b')
  expect(colorize(truncateLine([span('abc', 'bad'), span('def')], 4), false)).toBe('abc…')
})

const columns: readonly Column<{ name: string; state: string; id: string }>[] = [
  {
    title: 'NAME',
    align: 'left',
    dropPriority: 0,
    minWidth: 4,
    preferredWidth: 9,
    cell: ({ name }) => span(name),
  },
  { title: 'STATE', align: 'left', dropPriority: 0, minWidth: null, cell: ({ state }) => span(state) },
  { title: 'ID', align: 'right', dropPriority: 1, minWidth: null, cell: ({ id }) => span(id) },
]
const drawn = (rows: { name: string; state: string; id: string }[], width: number): string[] =>
  tableLines(columns, rows, width).map((line) => colorize(line, false))

test('a table drops the least important columns, then truncates others, before it exceeds the terminal', () => {
  const rows = [
    { name: 'a-long-name', state: 'running', id: 'x1' },
    { name: 'b', state: 'stopped', id: 'x2' },
  ]
  expect(drawn(rows, 80)).toEqual([
    'NAME         STATE    ID',
    'a-long-name  running  x1',
    'b            stopped  x2',
  ])
  expect(drawn(rows, 22)).toEqual([
    'NAME       STATE    ID',
    'a-long-n…  running  x1',
    'b          stopped  x2',
  ])
  expect(drawn(rows, 21)).toEqual(['NAME         STATE', 'a-long-name  running', 'b            stopped'])
  expect(drawn(rows, 15)).toEqual(['NAME    STATE', 'a-lon…  running', 'b       stopped'])
})

test('an empty column takes no space', () => {
  expect(drawn([{ name: 'b', state: 'stopped', id: '' }], 80)).toEqual(['NAME  STATE', 'b     stopped'])
})
