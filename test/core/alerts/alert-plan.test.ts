import { describe, expect, test } from 'vitest'
import { type AlertMarks, parseMarks } from '../../../src/core/alerts/alert-history'
import { type AlertRules, planAlerts } from '../../../src/core/alerts/alert-plan'
import type { Announcement } from '../../../src/core/alerts/alert'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/base/time'
import { announcement, openRules } from '../../harness/announcements'
import { START_MS } from '../../harness/clock'

interface Moment {
  readonly atMs: number
  readonly found: readonly Announcement[]
  readonly rules?: Partial<AlertRules>
}

/** What is done at each moment, across restarts: the marks go through a file. */
function story(moments: readonly Moment[], start: AlertMarks = {}): string[][] {
  let marks = start
  return moments.map(({ atMs, found, rules }) => {
    const plan = planAlerts(found, marks, START_MS + atMs, { ...openRules, ...rules }, true)
    marks = parseMarks(JSON.parse(JSON.stringify(plan.marks)))
    return plan.steps.map((step) => {
      if (step.kind === 'silence') return step.by
      return step.changes === null ? 'say' : `say ${step.changes}`
    })
  })
}
const at = (atMs: number, found: readonly Announcement[], rules: Partial<AlertRules> = {}): Moment => ({
  atMs,
  found,
  rules,
})
const error = announcement()
const idle = (episode: string, podId = 'pod-1', accountId = 'account-1'): Announcement =>
  announcement({ kind: 'idle', podId, episode, accountId })
const warning = announcement({ kind: 'auto-stop-soon' }, { isCritical: true })
const everyTwoHours: Partial<AlertRules> = { onceInMs: (kind) => (kind === 'idle' ? 2 * HOUR_MS : 0) }

describe('what holds', () => {
  test('is said once, however long it holds', () => {
    const days = Array.from({ length: 30 }, (_, day) => at(day * DAY_MS, [error]))
    expect(story(days)).toEqual([['say'], ...Array.from({ length: 29 }, () => [])])
  })

  test('is not said again after weeks in which other things came up', () => {
    const found = [at(0, [error]), at(8 * DAY_MS, [error, idle('1')]), at(9 * DAY_MS, [error, idle('1')])]
    expect(story(found)).toEqual([['say'], ['say'], []])
  })

  test('is said once for each kind, account, pod and episode', () => {
    const keys = [{}, { kind: 'pod-gone' }, { accountId: 'account-2' }, { podId: 'pod-2' }, { episode: '2' }]
    const found = keys.map((key) => announcement(key as object))
    expect(story([at(0, [...found, ...found]), at(1, found)])).toEqual([keys.map(() => 'say'), []])
  })

  test('is said when it is critical until it was taken: the plan marks none of these', () => {
    expect(story([at(0, [warning]), at(1, [warning])])).toEqual([['say'], ['say']])
  })

  test('leaves no trace where nothing is new', () => {
    const { marks } = planAlerts([error], {}, START_MS, openRules, true)
    expect(planAlerts([error], marks, START_MS + 1, openRules, true)).toEqual({ steps: [], marks })
    expect(planAlerts([error], marks, START_MS + 1, openRules, true).marks).toBe(marks)
  })
})

describe('an idle alert', () => {
  const idleAt = (atMs: number, ...found: Announcement[]): Moment => at(atMs, found, everyTwoHours)

  test('is shown at most once per pod in 2 hours; the next episode is told after them if it lasts', () => {
    expect(
      story([
        idleAt(0, idle('1')),
        idleAt(HOUR_MS, idle('2')),
        idleAt(2 * HOUR_MS - 1, idle('2')),
        idleAt(2 * HOUR_MS, idle('2')),
        idleAt(4 * HOUR_MS, idle('2')),
      ]),
    ).toEqual([['say'], ['recent'], [], ['say'], []])
  })

  test('of one pod does not silence another’s, nor the same pod’s of another account', () => {
    expect(story([idleAt(0, idle('1')), idleAt(1, idle('1', 'pod-2'), idle('1', 'pod-1', 'a2'))])).toEqual([
      ['say'],
      ['say', 'say'],
    ])
  })

  test('is not repeated when the clock is set back, and not hidden for longer than 2 hours by it', () => {
    expect(
      story([idleAt(0, idle('1')), idleAt(-HOUR_MS, idle('1'), idle('2')), idleAt(-3 * HOUR_MS, idle('2'))]),
    ).toEqual([['say'], ['recent'], ['say']])
  })

  test('of another kind is not held to it', () => {
    expect(story([idleAt(0, idle('1')), idleAt(1, announcement({ kind: 'idle-reminder' }))])).toEqual([
      ['say'],
      ['say'],
    ])
  })
})

describe('silence', () => {
  test.each([
    ['pause', { arePaused: true }],
    ['quiet-hours', { isQuietTime: true }],
    ['switch', { isOn: () => false }],
  ] as const)('by %s is written down once, and what still holds afterwards is said then', (by, rules) => {
    expect(
      story([at(0, [error], rules), at(1, [error], rules), at(HOUR_MS, [error]), at(HOUR_MS + 1, [error])]),
    ).toEqual([[by], [], ['say'], []])
  })

  test('hides for good what does not hold any more afterwards', () => {
    expect(story([at(0, [error], { arePaused: true }), at(HOUR_MS, [])])).toEqual([['pause'], []])
  })

  test('of one kind leaves the others', () => {
    const isOn: AlertRules['isOn'] = (kind) => kind !== 'pod-error'
    expect(story([at(0, [error, idle('1')], { isOn })])).toEqual([['switch', 'say']])
  })

  test('is pierced by what is critical, but for its switch', () => {
    const all = { arePaused: true, isQuietTime: true }
    expect(story([at(0, [{ ...warning, isMissed: true }], all)])).toEqual([['say']])
    expect(story([at(0, [warning], { ...all, isOn: () => false }), at(1, [warning])])).toEqual([
      ['switch'],
      ['say'],
    ])
  })

  test('does not hide the answer to what a person asked for just now', () => {
    const answer = announcement({ kind: 'action-ended' }, { isAnswer: true })
    const rules = { arePaused: true, isQuietTime: true }
    expect(story([at(0, [answer, error], rules)])).toEqual([['say', 'pause']])
    expect(story([at(0, [answer], { isOn: () => false })])).toEqual([['switch']])
  })
})

describe('what came about while nobody looked', () => {
  const missed = { ...error, isMissed: true }

  test('is written down and never said, in a pause neither', () => {
    expect(story([at(0, [missed]), at(1, [missed])])).toEqual([['missed'], []])
    expect(story([at(0, [missed], { arePaused: true }), at(1, [missed])])).toEqual([['missed'], []])
  })

  test('is said after the silence if silence had held it before', () => {
    expect(story([at(0, [error], { arePaused: true }), at(HOUR_MS, [missed])])).toEqual([['pause'], ['say']])
  })
})

describe('what changes to and fro', () => {
  const changes = (count: number, everyMs: number, kind: 'pod-error' | 'auto-stop-soon' = 'pod-error') =>
    Array.from({ length: count }, (_, index) =>
      at(index * everyMs, [
        announcement({ kind, episode: String(index) }, { isCritical: kind === 'auto-stop-soon' }),
      ]),
    )

  test('more than four times in an hour is summed up once, then silent for the hour', () => {
    expect(story(changes(12, 10 * MINUTE_MS)).flat()).toEqual(
      [
        ['say', 'say', 'say', 'say', 'say 5'],
        ['flapping', 'flapping', 'flapping', 'flapping', 'flapping'],
        ['say 6', 'flapping'],
      ].flat(),
    )
  })

  test('is said after the hour if it then holds', () => {
    const last = announcement({ episode: '6' })
    const found = [...changes(7, MINUTE_MS), at(64 * MINUTE_MS - 1, [last]), at(67 * MINUTE_MS, [last])]
    expect(story(found).slice(5)).toEqual([['flapping'], ['flapping'], [], ['say']])
  })

  test('four times in an hour, or of several pods and kinds, is said each time', () => {
    expect(story(changes(8, 15 * MINUTE_MS)).flat()).toEqual(Array(8).fill('say'))
    const several = Array.from({ length: 8 }, (_, index) =>
      at(index, [
        announcement({
          kind: index % 2 ? 'pod-error' : 'pod-gone',
          podId: `${index % 4}`,
          episode: `${index}`,
        }),
      ]),
    )
    expect(story(several).flat()).toEqual(Array(8).fill('say'))
  })

  test('is counted once, though silence had held it first', () => {
    const held = announcement({ episode: '3' })
    const found = [
      ...changes(3, MINUTE_MS),
      at(4 * MINUTE_MS, [held], { arePaused: true }),
      at(5 * MINUTE_MS, [held]),
      at(6 * MINUTE_MS, [announcement({ episode: '4' })]),
    ]
    expect(story(found).flat()).toEqual(['say', 'say', 'say', 'pause', 'say', 'say 5'])
  })

  test('is never silenced when it is critical, nor when it is about the account', () => {
    expect(story(changes(8, MINUTE_MS, 'auto-stop-soon')).flat()).toEqual(Array(8).fill('say'))
    const ofAccount = Array.from({ length: 8 }, (_, index) =>
      at(index, [announcement({ podId: null, episode: String(index) })]),
    )
    expect(story(ofAccount).flat()).toEqual(Array(8).fill('say'))
  })
})
