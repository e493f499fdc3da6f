import { describe, expect, test } from 'vitest'
import {
  type AlertMark,
  MAX_MARKS,
  nameOfAlert,
  parseMarks,
  prunedMarks,
} from '../../../src/core/alerts/alert-history'
import { DAY_MS } from '../../../src/core/base/time'
import { marksOf } from '../../harness/announcements'
import { START_MS } from '../../harness/clock'

const mark = (over: Partial<AlertMark> = {}): AlertMark => ({
  kind: 'idle',
  accountId: 'account-1',
  podId: 'pod-1',
  episode: '1',
  atMs: START_MS,
  state: 'said',
  ...over,
})

describe('marks in a file', () => {
  test.each([null, undefined, 3, 'marks', [], [1, null], { a: null, b: {}, c: { kind: 'idle' } }])(
    'that are not marks are dropped: %j',
    (value) => {
      expect(parseMarks(value)).toEqual({})
    },
  )

  test('that are partly damaged keep the good ones', () => {
    const odd = ['noon', null, Number.NaN].map((atMs) => ({ ...mark(), atMs }))
    const others = [
      { ...mark(), kind: 'gossip' },
      { ...mark(), state: 'sung' },
      { ...mark(), podId: 7 },
    ]
    expect(parseMarks([mark(), ...odd, ...others])).toEqual(marksOf(mark()))
  })

  test('of before there were other kinds count as said', () => {
    const old = { kind: 'idle', accountId: 'account-1', podId: 'pod-1', episode: START_MS, atMs: 7 }
    expect(parseMarks({ '["idle","account-1","pod-1",1795529100000]': old })).toEqual(
      marksOf(mark({ episode: String(START_MS), atMs: 7 })),
    )
  })

  test('come back as they were, of pods and of the account', () => {
    const marks = marksOf(
      mark({ state: 'held' }),
      mark({ kind: 'auto-stop-soon', deliveredAtMs: 5 }),
      mark({ kind: 'unreachable', podId: null, state: 'dropped' }),
    )
    expect(parseMarks(JSON.parse(JSON.stringify(marks)))).toEqual(marks)
    expect(parseMarks(JSON.parse(JSON.stringify(Object.values(marks))))).toEqual(marks)
  })
})

describe('marks', () => {
  const later = (days: number): number => START_MS + days * DAY_MS

  test('go after 7 days, unless what they are of still holds', () => {
    const marks = marksOf(mark())
    expect(prunedMarks(marks, new Set(), later(7) - 1)).toBe(marks)
    expect(prunedMarks(marks, new Set(), later(7))).toEqual({})
    expect(prunedMarks(marks, new Set([nameOfAlert(mark())]), later(70))).toBe(marks)
  })

  test('stay where it is not known what holds', () => {
    expect(prunedMarks(marksOf(mark()), null, later(70))).toEqual(marksOf(mark()))
  })

  test('are bounded in number: the oldest go, but for what still holds', () => {
    const many = Array.from({ length: MAX_MARKS + 100 }, (_, index) =>
      mark({ podId: `pod-${index}`, atMs: START_MS + index }),
    )
    const [oldest] = many
    const holding = new Set(oldest ? [nameOfAlert(oldest)] : [])
    const kept = Object.values(prunedMarks(marksOf(...many), holding, later(1)))
    expect(kept).toHaveLength(MAX_MARKS)
    expect(kept.map(({ podId }) => podId)).toEqual(['pod-0', ...many.slice(101).map(({ podId }) => podId)])
    expect(Object.values(prunedMarks(marksOf(...many), null, later(1)))).toHaveLength(MAX_MARKS)
    // In whatever order they were written.
    const turned = prunedMarks(marksOf(...[...many].reverse()), holding, later(1))
    expect(new Set(Object.keys(turned))).toEqual(new Set(kept.map(nameOfAlert)))
  })
})
