import { describe, expect, test } from 'vitest'
import { csvDollars, csvNumber, toCsv } from '../../../../src/core/base/text/csv'

const cell = (text: string): string => toCsv([[text]]).slice(0, -2)

describe('text from outside', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['-cmd', "'-cmd"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['=HYPERLINK("http://a","b")', `"'=HYPERLINK(""http://a"",""b"")"`],
  ])('the name %j is written as text, not as a formula', (name, written) => {
    expect(cell(name)).toBe(written)
  })

  test.each(['\t=1', '\tplain', '\r=1', '\n=1', '\rplain', '\nplain'])(
    'the name %j cannot start a formula behind a tab or a line break',
    (name) => {
      expect(cell(name).replace(/^"/, '')).toMatch(/^'/)
    },
  )

  test.each([
    ' =1',
    '   +1',
    '\u00a0-1',
    '\u3000@SUM(A1)',
    '\u200b=1',
    '\ufeff=1',
    '\u202e=1',
    '\0=1',
    ' \t =1',
  ])('the name %j is no formula when a spreadsheet drops what stands before the sign', (name) => {
    expect(cell(name)).toMatch(/^'/)
  })

  test.each(['＝1', '＋1', '－1', '＠SUM(A1)', '﹦1', '﹢1', '﹣1', '﹫A', '\u22121', ' ＝1'])(
    'the name %j is no formula in another width of its sign',
    (name) => {
      expect(cell(name)).toBe(`'${name}`)
    },
  )

  test.each(['llama', 'a=b', 'a-b', '1+1', "'quoted", ' indented', '日本語', 'naïve', ''])(
    'the name %j stays as it is',
    (name) => {
      expect(cell(name)).toBe(name)
    },
  )

  test.each([
    ['a "name", quoted', '"a ""name"", quoted"'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['"=1"', '"""=1"""'],
    ['a,b', '"a,b"'],
  ])('the name %j stays in its column', (name, written) => {
    expect(cell(name)).toBe(written)
  })
})

test('numbers of the program are written as numbers, negative ones too', () => {
  expect(toCsv([[csvNumber(-1.5), csvNumber(2, 4), csvDollars(-5), csvDollars(123), csvDollars(null)]])).toBe(
    '-1.5,2.0000,-0.05,1.23,\r\n',
  )
})

test('each row ends with CR LF', () => {
  expect(
    toCsv([
      ['a', 'b'],
      ['c', ''],
    ]),
  ).toBe('a,b\r\nc,\r\n')
})
