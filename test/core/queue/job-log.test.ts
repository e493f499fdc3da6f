import { describe, expect, test } from 'vitest'
import { toLogText } from '../../../src/core/queue/job-log'

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

/** What is read of a log of `written` bytes, piece by piece. */
function piece(log: Uint8Array, fromByte: number, maxBytes = 1_000, isOver = false) {
  const bytes = log.subarray(fromByte, fromByte + maxBytes)
  return toLogText({ bytes, sizeBytes: log.length }, { fromByte, maxBytes, isOver }, decode)
}

describe('a piece of a log', () => {
  test('ends with its last whole line, and shows what was printed of the next one', () => {
    expect(piece(encode('one\ntwo\nthr'), 0)).toEqual({
      text: 'one\ntwo\n',
      unfinishedLine: 'thr',
      nextByte: 8,
      sizeBytes: 11,
    })
  })

  test('shows a progress bar as it was drawn last, however many pieces it takes', () => {
    const first = piece(encode('start\n\r10%\r11%'), 0)
    expect([first.text, first.unfinishedLine]).toEqual(['start\n', '11%'])
    const second = piece(encode('start\n\r10%\r11%\r12%'), first.nextByte)
    expect([second.text, second.unfinishedLine, second.nextByte]).toEqual(['', '12%', first.nextByte])
    const third = piece(encode('start\n\r10%\r11%\r12%\ndone\n'), second.nextByte)
    expect([third.text, third.unfinishedLine]).toEqual(['12%\ndone\n', ''])
  })

  test('continues within a line that is longer than a piece, and never within a character', () => {
    const log = encode('日本語'.repeat(10))
    let [text, at] = ['', 0]
    while (at < 70) {
      const { text: more, nextByte, unfinishedLine } = piece(log, at, 20)
      expect([unfinishedLine, nextByte - at]).toEqual(['', 18])
      text += more
      at = nextByte
    }
    expect(text).toBe('日本語'.repeat(8))
    expect(piece(log, at, 20)).toMatchObject({ text: '', unfinishedLine: '日本語日本語', nextByte: at })
  })

  test('has no half character at its end until the job is over', () => {
    const log = encode('größe ü').subarray(0, -1)
    expect(piece(log, 0).unfinishedLine).toBe('größe ')
    expect(piece(log, 0, 1_000, true).unfinishedLine).toBe('größe \ufffd')
  })

  test('of bytes that are no text is shown and passed', () => {
    const log = new Uint8Array(40).fill(0xe6)
    expect(piece(log, 0, 1)).toMatchObject({ text: '\ufffd', nextByte: 1 })
  })
})
