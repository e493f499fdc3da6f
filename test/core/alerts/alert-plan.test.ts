import { describe, expect, test } from 'vitest'
import type { AlertHistory } from '../../../src/core/alerts/alert-history'
import { parseAlertHistory } from '../../../src/core/alerts/parse-alert-history'
import { type AlertRules, planAlerts } from '../../../src/core/alerts/alert-plan'
import type { PendingAlert } from '../../../src/core/alerts/alert'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { pendingAlert, permissiveRules } from '../../harness/samples/pending-alerts'
import { START_MS } from '../../harness/base/fake-clock'

interface Moment {
  readonly atMs: number
  readonly found: readonly PendingAlert[]
  readonly rules?: Partial<AlertRules>
}

/** The steps at each moment, across restarts: the history is written and read each time. */
function suppressionsOf(moments: readonly Moment[], start: AlertHistory = {}): string[][] {
  let history = start
  return moments.map(({ atMs, found, rules }) => {
    const plan = planAlerts(found, history, START_MS + atMs, { ...permissiveRules, ...rules }, true)
    history = parseAlertHistory(JSON.parse(JSON.stringify(plan.alertHistory)))
    return plan.steps.map((step) => {
      if (step.kind === 'suppress') return step.reason
      return step.changes === null ? 'show' : `show ${step.changes}`
    })
  })
}
const at = (atMs: number, found: readonly PendingAlert[], rules: Partial<AlertRules> = {}): Moment => ({
  atMs,
  found,
  rules,
})
const error = pendingAlert()
const idle = (episode: string, podId = 'pod-1', accountId = 'account-1'): PendingAlert =>
  pendingAlert({ kind: 'idle', podId, episode, accountId })
const warning = pendingAlert({ kind: 'auto-stop-soon' }, { isCritical: true })
const everyTwoHours: Partial<AlertRules> = { minIntervalMs: (kind) => (kind === 'idle' ? 2 * HOUR_MS : 0) }

describe('a pending alert', () => {
  test('is shown once, however long its condition holds', () => {
    const days = Array.from({ length: 30 }, (_, day) => at(day * DAY_MS, [error]))
    expect(suppressionsOf(days)).toEqual([['show'], ...Array.from({ length: 29 }, () => [])])
  })

  test('is not repeated after weeks in which other alerts occurred', () => {
    const found = [at(0, [error]), at(8 * DAY_MS, [error, idle('1')]), at(9 * DAY_MS, [error, idle('1')])]
    expect(suppressionsOf(found)).toEqual([['show'], ['show'], []])
  })

  test('is shown once for each kind, account, pod and episode', () => {
    const keys = [{}, { kind: 'pod-gone' }, { accountId: 'account-2' }, { podId: 'pod-2' }, { episode: '2' }]
    const found = keys.map((key) => pendingAlert(key as object))
    expect(suppressionsOf([at(0, [...found, ...found]), at(1, found)])).toEqual([keys.map(() => 'show'), []])
  })

  test('that is critical is shown until it is delivered, because the plan records no critical alert', () => {
    expect(suppressionsOf([at(0, [warning]), at(1, [warning])])).toEqual([['show'], ['show']])
  })

  test('leaves the history unchanged when it is not new', () => {
    const { alertHistory } = planAlerts([error], {}, START_MS, permissiveRules, true)
    expect(planAlerts([error], alertHistory, START_MS + 1, permissiveRules, true)).toEqual({
      steps: [],
      alertHistory,
    })
    expect(planAlerts([error], alertHistory, START_MS + 1, permissiveRules, true).alertHistory).toBe(
      alertHistory,
    )
  })
})

describe('an idle alert', () => {
  const idleAt = (atMs: number, ...found: PendingAlert[]): Moment => at(atMs, found, everyTwoHours)

  test('is shown at most once per pod in 2 hours; the next episode is shown after that if it lasts', () => {
    expect(
      suppressionsOf([
        idleAt(0, idle('1')),
        idleAt(HOUR_MS, idle('2')),
        idleAt(2 * HOUR_MS - 1, idle('2')),
        idleAt(2 * HOUR_MS, idle('2')),
        idleAt(4 * HOUR_MS, idle('2')),
      ]),
    ).toEqual([['show'], ['recent'], [], ['show'], []])
  })

  test('of one pod suppresses neither those of other pods nor of the same pod in another account', () => {
    expect(
      suppressionsOf([idleAt(0, idle('1')), idleAt(1, idle('1', 'pod-2'), idle('1', 'pod-1', 'a2'))]),
    ).toEqual([['show'], ['show', 'show']])
  })

  test('is not repeated when the clock is set back, and not suppressed by it for longer than 2 hours', () => {
    expect(
      suppressionsOf([
        idleAt(0, idle('1')),
        idleAt(-HOUR_MS, idle('1'), idle('2')),
        idleAt(-3 * HOUR_MS, idle('2')),
      ]),
    ).toEqual([['show'], ['recent'], ['show']])
  })

  test('does not limit alerts of other kinds', () => {
    expect(
      suppressionsOf([idleAt(0, idle('1')), idleAt(1, pendingAlert({ kind: 'idle-reminder' }))]),
    ).toEqual([['show'], ['show']])
  })
})

describe('a suppression', () => {
  test.each([
    ['pause', { arePaused: true }],
    ['quiet-hours', { isQuietHours: true }],
    ['switch', { isOn: () => false }],
  ] as const)(
    'by %s is logged once, and alerts whose condition still holds are shown afterwards',
    (by, rules) => {
      expect(
        suppressionsOf([
          at(0, [error], rules),
          at(1, [error], rules),
          at(HOUR_MS, [error]),
          at(HOUR_MS + 1, [error]),
        ]),
      ).toEqual([[by], [], ['show'], []])
    },
  )

  test('permanently hides alerts whose condition no longer holds afterwards', () => {
    expect(suppressionsOf([at(0, [error], { arePaused: true }), at(HOUR_MS, [])])).toEqual([['pause'], []])
  })

  test('of one kind does not affect the others', () => {
    const isOn: AlertRules['isOn'] = (kind) => kind !== 'pod-error'
    expect(suppressionsOf([at(0, [error, idle('1')], { isOn })])).toEqual([['switch', 'show']])
  })

  test('does not apply to critical alerts, except through their switch', () => {
    const all = { arePaused: true, isQuietTime: true }
    expect(suppressionsOf([at(0, [{ ...warning, isMissed: true }], all)])).toEqual([['show']])
    expect(suppressionsOf([at(0, [warning], { ...all, isOn: () => false }), at(1, [warning])])).toEqual([
      ['switch'],
      ['show'],
    ])
  })

  test('does not hide the response to a recent request of the user', () => {
    const answer = pendingAlert({ kind: 'action-ended' }, { isResponseToUser: true })
    const rules = { arePaused: true, isQuietTime: true }
    expect(suppressionsOf([at(0, [answer, error], rules)])).toEqual([['show', 'pause']])
    expect(suppressionsOf([at(0, [answer], { isOn: () => false })])).toEqual([['switch']])
  })
})

describe('an event that happened while nothing was polled', () => {
  const missed = { ...error, isMissed: true }

  test('is logged and never shown, not even after a pause', () => {
    expect(suppressionsOf([at(0, [missed]), at(1, [missed])])).toEqual([['missed'], []])
    expect(suppressionsOf([at(0, [missed], { arePaused: true }), at(1, [missed])])).toEqual([['missed'], []])
  })

  test('is shown after a pause that had deferred it earlier', () => {
    expect(suppressionsOf([at(0, [error], { arePaused: true }), at(HOUR_MS, [missed])])).toEqual([
      ['pause'],
      ['show'],
    ])
  })
})

describe('a flapping pod', () => {
  const changes = (count: number, everyMs: number, kind: 'pod-error' | 'auto-stop-soon' = 'pod-error') =>
    Array.from({ length: count }, (_, index) =>
      at(index * everyMs, [
        pendingAlert({ kind, episode: String(index) }, { isCritical: kind === 'auto-stop-soon' }),
      ]),
    )

  test('that changes more than four times in an hour is summarized once, then silent for the hour', () => {
    expect(suppressionsOf(changes(12, 10 * MINUTE_MS)).flat()).toEqual(
      [
        ['show', 'show', 'show', 'show', 'show 5'],
        ['flapping', 'flapping', 'flapping', 'flapping', 'flapping'],
        ['show 6', 'flapping'],
      ].flat(),
    )
  })

  test('is shown after the hour if the condition then holds', () => {
    const last = pendingAlert({ episode: '6' })
    const found = [...changes(7, MINUTE_MS), at(64 * MINUTE_MS - 1, [last]), at(67 * MINUTE_MS, [last])]
    expect(suppressionsOf(found).slice(5)).toEqual([['flapping'], ['flapping'], [], ['show']])
  })

  test('is shown each time for four changes in an hour, or for several pods and kinds', () => {
    expect(suppressionsOf(changes(8, 15 * MINUTE_MS)).flat()).toEqual(Array(8).fill('show'))
    const several = Array.from({ length: 8 }, (_, index) =>
      at(index, [
        pendingAlert({
          kind: index % 2 ? 'pod-error' : 'pod-gone',
          podId: `${index % 4}`,
          episode: `${index}`,
        }),
      ]),
    )
    expect(suppressionsOf(several).flat()).toEqual(Array(8).fill('show'))
  })

  test('is counted once per change, even if a pause deferred it first', () => {
    const held = pendingAlert({ episode: '3' })
    const found = [
      ...changes(3, MINUTE_MS),
      at(4 * MINUTE_MS, [held], { arePaused: true }),
      at(5 * MINUTE_MS, [held]),
      at(6 * MINUTE_MS, [pendingAlert({ episode: '4' })]),
    ]
    expect(suppressionsOf(found).flat()).toEqual(['show', 'show', 'show', 'pause', 'show', 'show 5'])
  })

  test('is never suppressed when it is critical, nor when it is about the account', () => {
    expect(suppressionsOf(changes(8, MINUTE_MS, 'auto-stop-soon')).flat()).toEqual(Array(8).fill('show'))
    const ofAccount = Array.from({ length: 8 }, (_, index) =>
      at(index, [pendingAlert({ podId: null, episode: String(index) })]),
    )
    expect(suppressionsOf(ofAccount).flat()).toEqual(Array(8).fill('show'))
  })
})
