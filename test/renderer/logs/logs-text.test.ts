import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLogBook } from '../../../src/core/logs/log-book'
import type { LogLine } from '../../../src/core/logs/log-line'
import { lineSegments } from '../../../src/renderer/logs/line-segments'
import { lineCountText, logStateText, matchText, savedLine } from '../../../src/renderer/logs/logs-text'
import { copiedLines, saveLog, textParts } from '../../../src/renderer/logs/save-log'

const NOW = Date.UTC(2026, 10, 24, 14, 5)
const line = (text: string, more: Partial<LogLine> = {}): LogLine => ({
  id: null,
  source: 'container',
  atMs: NOW,
  text,
  ...more,
})

describe('the parts of a line', () => {
  it('are its colors and what was searched for', () => {
    expect(
      lineSegments(line('error: disk full', { styles: [{ from: 0, to: 5, names: ['red', 'bold'] }] }), [
        { from: 3, to: 9 },
      ]),
    ).toEqual([
      { text: 'err', className: 'sgr-red sgr-bold' },
      { text: 'or', className: 'sgr-red sgr-bold hit' },
      { text: ': di', className: 'hit' },
      { text: 'sk full', className: '' },
    ])
    expect(lineSegments(line('plain'), [])).toEqual([{ text: 'plain', className: '' }])
  })

  it('are the whole line, whatever is marked', () => {
    const ranges = fc
      .uniqueArray(fc.nat(30), { maxLength: 8 })
      .map((all) => all.sort((a, b) => a - b))
      .map((all) =>
        all.flatMap((from, i) =>
          i % 2 === 0 && all[i + 1] !== undefined ? [{ from, to: all[i + 1]! }] : [],
        ),
      )
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), ranges, ranges, (text, styled, hits) => {
        const styles = styled.map((range) => ({ ...range, names: ['red' as const] }))
        expect(
          lineSegments(line(text, { styles }), hits)
            .map((part) => part.text)
            .join(''),
        ).toBe(text)
      }),
    )
  })
})

describe('the words about a log', () => {
  it('say whether it is live, and what it waits for', () => {
    const live = { kind: 'live', areSecretsHidden: true } as const
    expect(logStateText(live, NOW - 1_500_000, NOW)).toBe('Live, last line 25 min ago')
    expect(logStateText(live, null, NOW)).toBe('Live')
    expect(logStateText({ kind: 'waiting', untilMs: NOW + 30_000, why: 'It is down' }, null, NOW)).toBe(
      'It is down. Reconnecting in 30 s',
    )
    expect(logStateText({ kind: 'waiting', untilMs: NOW, why: null }, null, NOW)).toBe('Reconnecting…')
    expect(logStateText({ kind: 'failed', why: 'Your API key was refused.' }, NOW, NOW)).toBe(
      'Your API key was refused.',
    )
  })
  it('count lines and matches', () => {
    expect(lineCountText({ lines: 1, dropped: 0 }, 0)).toBe('1 line')
    expect(lineCountText({ lines: 12_345, dropped: 20 }, 3)).toBe(
      '12,345 lines, 20 older ones left out, 3 unreadable',
    )
    expect([matchText(null, 0, true), matchText(null, 0, false), matchText(3, 41, true)]).toEqual([
      'No matches',
      'Searching…',
      '3 of 41',
    ])
    expect([matchText(null, 1, true), matchText(null, 41, false)]).toEqual(['1 match', '41+ matches'])
  })
})

describe('a log that is saved or copied', () => {
  it('is written with times and sources in parts, none of which ends within a character', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 30 })),
        fc.integer({ min: 4, max: 60 }),
        (texts, max) => {
          const lines = texts.map((text) => line(text))
          const parts = [...textParts(lines, max)]
          expect(parts.join('')).toBe(lines.map(savedLine).join(''))
          for (const part of parts) {
            expect(part.length).toBeLessThanOrEqual(max)
            expect(part).not.toMatch(/\p{Cs}/u)
          }
        },
      ),
    )
    expect(savedLine(line('hi', { source: 'system' }))).toBe('2026-11-24T14:05:00.000Z system hi\n')
    expect(savedLine(line('hi', { atMs: null }))).toBe('- container hi\n')
  })

  it('goes to the file that main asks for, and to none after a failure', async () => {
    const book = createLogBook({ maxLines: 10, maxChars: 1e3 })
    book.add([line('a'), line('b')])
    const written: string[] = []
    const finished: boolean[] = []
    const bridge = (isCanceled = false, appendFails = false) => ({
      chooseLogFile: async () => ({
        ok: true as const,
        value: isCanceled ? null : { fileId: 1, path: '/tmp/x' },
      }),
      appendToLogFile: async (_: number, text: string) => {
        if (appendFails) return { ok: false as const, error: { message: 'full' } }
        written.push(text)
        return { ok: true as const, value: undefined }
      },
      finishLogFile: async (_: number, isComplete: boolean) => {
        finished.push(isComplete)
        return { ok: true as const, value: undefined }
      },
    })
    expect(await saveLog(bridge(true), 'a/p', book)).toEqual({ ok: true, value: null })
    expect(written).toEqual([])
    expect(await saveLog(bridge(), 'a/p', book)).toEqual({ ok: true, value: '/tmp/x' })
    expect(written.join('')).toBe(`${savedLine(line('a'))}${savedLine(line('b'))}`)
    expect(finished).toEqual([true])
    expect(await saveLog(bridge(false, true), 'a/p', book)).toMatchObject({ ok: false })
    // A part that main refused would else leave its file open.
    expect(finished).toEqual([true, false])
  })

  it('is copied as text, of too much the newest', () => {
    const book = createLogBook({ maxLines: 1e5, maxChars: 1e9 })
    book.add([line('a'), line('b')])
    expect(copiedLines(book)).toEqual({ text: 'a\nb', count: 2, isAll: true })
    book.add(Array.from({ length: 600 }, () => line('x'.repeat(10_000))))
    const much = copiedLines(book)
    expect(much.isAll).toBe(false)
    expect(much.count).toBe(500)
  })
})
