import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanLine, cleanText } from '../../../src/core/logs/clean-line'
import { anyCharacter } from '../../harness/base/any-character'

const ESC = '\u001b'

describe('a line of a log', () => {
  it('keeps its text and its colors', () => {
    expect(cleanLine(`${ESC}[1;31merror${ESC}[0m: disk ${ESC}[32mfull`)).toEqual({
      text: 'error: disk full',
      styles: [
        { from: 0, to: 5, names: ['red', 'bold'] },
        { from: 12, to: 16, names: ['green'] },
      ],
    })
  })

  it.each([
    ['0', []],
    ['', []],
    ['91', ['red']],
    ['1;3;4;9', ['bold', 'italic', 'underline', 'strike']],
    ['1;22;36', ['cyan']],
    ['31;39', []],
    ['31;34', ['blue']],
    ['90', ['dim']],
    ['37', []],
    ['38;5;196', ['red']],
    ['38;5;21', ['blue']],
    ['38;5;244', []],
    ['38;5;3;1', ['bold', 'yellow']],
    ['38;2;10;200;20', ['green']],
    ['38:2:10:200:20', ['green']],
    ['38:2::10:200:20', ['green']],
    ['38:2:1:10:200:20;1', ['green', 'bold']],
    ['48;2;255;0;0;31', ['red']],
    ['48;5;1', []],
    ['38;2', []],
    ['5;8;7', []],
    ['99999999999', []],
    ['?25', []],
  ] as const)('has after SGR %s the styles %j', (parameters, names) => {
    expect(
      cleanLine(`${ESC}[${parameters}mx`)
        .styles.flatMap((style) => style.names)
        .sort(),
    ).toEqual([...names].sort())
  })

  it.each([
    ['a title', `a${ESC}]0;owned\u0007b`],
    ['a link', `${ESC}]8;;https://evil.example${ESC}\\a${ESC}]8;;${ESC}\\b`],
    ['a copy to the clipboard', `a${ESC}]52;c;ZXZpbA==\u0007b`],
    ['cursor movement', `a${ESC}[2J${ESC}[1;1H${ESC}[3Ab`],
    ['8-bit sequences', 'a\u009b2J\u009d0;title\u009cb'],
    ['a device control string', `a${ESC}P$q"p${ESC}\\b`],
    ['a reset', `a${ESC}cb`],
    ['another character set', `a${ESC}(0b`],
    ['bells, backspaces and NULs', 'a\u0007\b\0b'],
    ['reversed text', 'a\u202e\u2067b\u2069'],
    ['invisible characters', 'a\u200b\ufeff\u2060b'],
  ])('loses %s', (_, raw) => {
    expect(cleanLine(raw)).toEqual({ text: 'ab', styles: [] })
  })

  it('shows of an unfinished sequence nothing, and of an unfinished string nothing up to the end', () => {
    expect(cleanText(`done${ESC}[31`)).toBe('done')
    expect(cleanText(`done${ESC}`)).toBe('done')
    expect(cleanText(`done${ESC}]0;rest of the line`)).toBe('done')
  })

  it('shows the last state of a progress bar', () => {
    expect(cleanText('10%\r50%\r100%\r\n')).toBe('100%')
    expect(cleanText('50%\rdone')).toBe('done')
  })

  it('keeps tabs, wide characters and joined emoji, and replaces halves of characters', () => {
    expect(cleanText('a\tb 中文 👩‍🚀')).toBe('a\tb 中文 👩‍🚀')
    expect(cleanText('a\ud83db')).toBe('a\ufffdb')
  })

  it('is never anything but visible text on one line, with styles in order and within it', () => {
    const piece = fc.oneof(
      fc.string({ unit: anyCharacter, maxLength: 8 }),
      fc.constantFrom(`${ESC}[`, `${ESC}]`, '\u009b', '31m', ';', ESC, '\u0007', '\r', '\u202e', '\ud800'),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const { text, styles } = cleanLine(pieces.join(''))
        // oxlint-disable-next-line no-control-regex -- control characters are what it is about
        expect(text).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/)
        expect(text).not.toMatch(/\p{Cs}/u)
        let end = 0
        for (const { from, to, names } of styles) {
          expect(from).toBeGreaterThanOrEqual(end)
          expect(to).toBeGreaterThan(from)
          expect(names.length).toBeGreaterThan(0)
          end = to
        }
        expect(end).toBeLessThanOrEqual(text.length)
        expect(cleanLine(text)).toEqual({ text, styles: [] })
      }),
    )
  })

  it('takes linear time', () => {
    for (const part of [`${ESC}[`, `${ESC}]`, `${ESC}[1;`, `${ESC} `, '\u009b9', `${ESC}[31mx`]) {
      // Of processor time, whatever else the computer does. Squared it would take minutes.
      const { user } = process.cpuUsage()
      cleanLine(part.repeat(200_000))
      expect((process.cpuUsage().user - user) / 1_000).toBeLessThan(5_000)
    }
  })
})
