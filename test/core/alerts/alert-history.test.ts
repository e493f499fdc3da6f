import { describe, expect, test } from 'vitest'
import {
  alertName,
  type AlertRecord,
  MAX_RECORDS,
  pruneHistory,
} from '../../../src/core/alerts/alert-history'
import { parseAlertHistory } from '../../../src/core/alerts/parse-alert-history'
import { DAY_MS } from '../../../src/core/base/time/time'
import { alertHistoryOf } from '../../harness/samples/pending-alerts'
import { START_MS } from '../../harness/base/fake-clock'

const alertRecord = (over: Partial<AlertRecord> = {}): AlertRecord => ({
  kind: 'idle',
  accountId: 'account-1',
  podId: 'pod-1',
  episode: '1',
  atMs: START_MS,
  state: 'said',
  ...over,
})

describe('the alert history in a file', () => {
  test.each([null, undefined, 3, 'marks', [], [1, null], { a: null, b: {}, c: { kind: 'idle' } }])(
    'drops invalid records: %j',
    (value) => {
      expect(parseAlertHistory(value)).toEqual({})
    },
  )

  test('keeps the valid parts of partly damaged records', () => {
    const odd = ['noon', null, Number.NaN].map((atMs) => ({ ...alertRecord(), atMs }))
    const others = [
      { ...alertRecord(), kind: 'gossip' },
      { ...alertRecord(), state: 'sung' },
      { ...alertRecord(), podId: 7 },
    ]
    expect(parseAlertHistory([alertRecord(), ...odd, ...others])).toEqual(alertHistoryOf(alertRecord()))
  })

  test('returns records unchanged, of pods and of the account', () => {
    const history = alertHistoryOf(
      alertRecord({ state: 'held' }),
      alertRecord({ kind: 'auto-stop-soon', deliveredAtMs: 5 }),
      alertRecord({ kind: 'unreachable', podId: null, state: 'dropped' }),
    )
    expect(parseAlertHistory(JSON.parse(JSON.stringify(history)))).toEqual(history)
    expect(parseAlertHistory(JSON.parse(JSON.stringify(Object.values(history))))).toEqual(history)
  })
})

describe('alert records', () => {
  const later = (days: number): number => START_MS + days * DAY_MS

  test('are removed after 7 days, unless their alert is still pending', () => {
    const history = alertHistoryOf(alertRecord())
    expect(pruneHistory(history, new Set(), later(7) - 1)).toBe(history)
    expect(pruneHistory(history, new Set(), later(7))).toEqual({})
    expect(pruneHistory(history, new Set([alertName(alertRecord())]), later(70))).toBe(history)
  })

  test('are kept while the pending alerts are unknown', () => {
    expect(pruneHistory(alertHistoryOf(alertRecord()), null, later(70))).toEqual(
      alertHistoryOf(alertRecord()),
    )
  })

  test('are limited in number: the oldest are removed, except those of pending alerts', () => {
    const many = Array.from({ length: MAX_RECORDS + 100 }, (_, index) =>
      alertRecord({ podId: `pod-${index}`, atMs: START_MS + index }),
    )
    const [oldest] = many
    const holding = new Set(oldest ? [alertName(oldest)] : [])
    const kept = Object.values(pruneHistory(alertHistoryOf(...many), holding, later(1)))
    expect(kept).toHaveLength(MAX_RECORDS)
    expect(kept.map(({ podId }) => podId)).toEqual(['pod-0', ...many.slice(101).map(({ podId }) => podId)])
    expect(Object.values(pruneHistory(alertHistoryOf(...many), null, later(1)))).toHaveLength(MAX_RECORDS)
    // The order in which they were written does not matter.
    const turned = pruneHistory(alertHistoryOf(...[...many].reverse()), holding, later(1))
    expect(new Set(Object.keys(turned))).toEqual(new Set(kept.map(alertName)))
  })
})
