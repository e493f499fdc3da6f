import { describe, expect, test } from 'vitest'
import { CUT, withPiece } from '../../../../src/renderer/queue/jobs/use-job-log'

describe('the end of a log', () => {
  test('draws a progress bar in place, over several polls', () => {
    const first = withPiece('', { text: 'start\n', unfinishedLine: '10%' })
    expect(first).toEqual({ text: 'start\n', lines: ['start', '10%'] })
    const second = withPiece(first.text, { text: '', unfinishedLine: '11%' })
    expect(second.lines).toEqual(['start', '11%'])
    const third = withPiece(second.text, { text: '12%\ndone\n', unfinishedLine: '' })
    expect(third.lines).toEqual(['start', '12%', 'done'])
  })

  test('leaves out a line that is cut at its beginning, unless it is the only one', () => {
    const cut = withPiece(CUT, { text: 'rt of one\n', unfinishedLine: 'two' })
    expect(cut.lines).toEqual(['two'])
    expect(withPiece(cut.text, { text: 'two\n', unfinishedLine: '' }).lines).toEqual(['two'])
    expect(withPiece(CUT, { text: '', unfinishedLine: '57%' })).toEqual({ text: CUT, lines: ['57%'] })
    expect(withPiece(CUT, { text: '', unfinishedLine: '' }).lines).toEqual([])
  })

  test('keeps 200 lines', () => {
    const text = Array.from({ length: 500 }, (_, index) => `line ${index}\n`).join('')
    const { lines } = withPiece('', { text, unfinishedLine: '' })
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([200, 'line 300', 'line 499'])
  })
})
