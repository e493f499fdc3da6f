import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEventParser, type ServerEvent } from '../../../src/providers/http/event-parser'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

function parse(pieces: readonly Uint8Array[], maxChars?: number) {
  const parser = createEventParser(maxChars)
  const results = pieces.map((piece) => parser.push(piece))
  return {
    events: results.flatMap(({ events }) => events),
    tooLongCount: results.reduce((sum, each) => sum + each.tooLongCount, 0),
  }
}

const eventsOf = (text: string): readonly ServerEvent[] => parse([bytesOf(text)]).events

describe('an event stream', () => {
  it('has events with an id and data, ended by an empty line', () => {
    expect(eventsOf('id: 1\ndata: one\n\nid:2\ndata:two\n\n')).toEqual([
      { id: '1', data: 'one' },
      { id: '2', data: 'two' },
    ])
  })

  it('joins several data lines, keeps the last id, and ignores comments and other fields', () => {
    const text = ': hello\nid: 7\nevent: log\nretry: 10\ndata: a\ndata\ndata:  b\n\n:\n\ndata: c\n\n'
    expect(eventsOf(text)).toEqual([
      { id: '7', data: 'a\n\n b' },
      { id: '7', data: 'c' },
    ])
  })

  it('ends lines by LF, CR or both, and skips a byte order mark', () => {
    expect(eventsOf('\uFEFFdata: a\r\n\r\ndata: b\r\rdata: c\n\n').map(({ data }) => data)).toEqual([
      'a',
      'b',
      'c',
    ])
  })

  it('returns no event that was not completed', () => {
    expect(eventsOf('data: whole\n\nid: 2\ndata: cut off\n')).toEqual([{ id: '', data: 'whole' }])
  })

  it('refuses an id with a NUL', () => {
    expect(eventsOf('id: a\0b\ndata: x\n\n')).toEqual([{ id: '', data: 'x' }])
  })

  it('leaves out an event that is too long, and continues with the next', () => {
    const long = 'x'.repeat(500)
    const stream = bytesOf(
      `data: ${long}\n\ndata: b\n\ndata: ${'y'.repeat(40)}\ndata: ${'z'.repeat(80)}\n\ndata: c\n\n`,
    )
    for (const size of [1, 7, 64, 10_000]) {
      const pieces = Array.from({ length: Math.ceil(stream.length / size) }, (_, i) =>
        stream.slice(i * size, (i + 1) * size),
      )
      const { events, tooLongCount } = parse(pieces, 100)
      expect(events.map(({ data }) => data)).toEqual(['b', 'c'])
      expect(tooLongCount).toBe(2)
    }
  })

  it('is the same however its bytes are cut, within characters and line breaks too', () => {
    const value = fc
      .oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constantFrom('😀é', ' ', ':', '\u001b[31m'))
      .map((text) => text.replace(/[\r\n]/g, ''))
    const line = fc.oneof(
      value.map((text) => `data: ${text}`),
      value.map((text) => `id: ${text}`),
      value.map((text) => `:${text}`),
      fc.constant(''),
    )
    const stream = fc
      .array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 20 })
      .map((lines) => bytesOf(lines.flat().join('')))
    fc.assert(
      fc.property(stream, fc.array(fc.nat(400), { maxLength: 12 }), (bytes, cuts) => {
        const borders = [
          0,
          ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b),
          bytes.length,
        ]
        const pieces = borders.slice(1).map((border, i) => bytes.slice(borders[i], border))
        expect(parse(pieces)).toEqual(parse([bytes]))
      }),
    )
  })
})
