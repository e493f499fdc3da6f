import { describe, expect, test } from 'vitest'
import type { Activity } from '../../src/core/activity'
import { alertOf, endOfIntentAlert } from '../../src/core/alert-text'
import type { AlertMarks } from '../../src/core/alerts'
import { announce, parseMarks } from '../../src/core/alerts'
import type { Pod } from '../../src/core/pod'
import type { Decision } from '../../src/core/policy'
import { decide } from '../../src/core/policy'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/time'
import { START_MS } from '../helpers/clock'
import { intentsOf } from '../helpers/intents'
import { pod } from '../helpers/pods'

const idle = (idleForMs: number, sinceMs = START_MS): Extract<Activity, { kind: 'idle' }> => ({
  kind: 'idle',
  sinceMs,
  idleForMs,
  quietForMs: 0,
  evidence: {
    gpuUtil: { min: 0, max: 2 },
    cpuUtil: { min: 1, max: 1 },
    isMemoryStill: true,
    samples: 61,
    idleSamples: 61,
  },
})
const decisions = (activity: Activity, one: Pod = pod(), accountId = 'account-1') =>
  decide(accountId, [{ pod: one, activity }], { idleAlertAfterMs: 15 * MINUTE_MS })

describe('the idle rule', () => {
  test.each([
    [15 * MINUTE_MS - 1, 0],
    [15 * MINUTE_MS, 1],
    [10 * HOUR_MS, 1],
  ])('after %d ms of observed idle time decides %d', (idleForMs, count) => {
    expect(decisions(idle(idleForMs))).toHaveLength(count)
  })

  test('an idle pod has its episode, and what idling has cost', () => {
    expect(decisions(idle(30 * MINUTE_MS))).toMatchObject([
      { kind: 'idle', accountId: 'account-1', episode: START_MS, idleCostUsd: 1 },
    ])
    expect(decisions(idle(HOUR_MS), pod({ costPerHourUsd: null }))).toMatchObject([{ idleCostUsd: null }])
  })

  test('a pod that is busy, unknown or not running is never called idle', () => {
    expect(decisions({ kind: 'busy', by: 'gpu', partlyIdle: null })).toEqual([])
    expect(decisions({ kind: 'unknown', reason: 'not-seen', sinceMs: START_MS })).toEqual([])
    for (const phase of ['creating', 'stopped', 'error', 'terminated', 'unknown'] as const)
      expect(decisions(idle(HOUR_MS), pod({ phase }))).toEqual([])
  })
})

/** Tells what is idle at each moment, across restarts: the marks go through a file. */
function tell(
  times: readonly { readonly atMs: number; readonly decisions: readonly Decision[] }[],
): number[] {
  let marks: AlertMarks = {}
  return times.map(({ atMs, decisions: decided }) => {
    const told = announce(decided, marks, atMs, { idleAlertEveryMs: 2 * HOUR_MS })
    marks = parseMarks(JSON.parse(JSON.stringify(told.marks)))
    return told.toShow.length
  })
}
const at = (ms: number, episode: number, one = pod(), accountId = 'account-1') => ({
  atMs: START_MS + ms,
  decisions: decisions(idle(HOUR_MS, START_MS + episode), one, accountId),
})

describe('an idle alert', () => {
  test('is shown once per episode, however long it lasts', () => {
    expect(tell([at(0, 0), at(MINUTE_MS, 0), at(3 * HOUR_MS, 0), at(3 * DAY_MS, 0)])).toEqual([1, 0, 0, 0])
  })

  test('is shown once per episode even when idleness lasts for weeks', () => {
    expect(tell(Array.from({ length: 30 }, (_, day) => at(day * DAY_MS, 0)))).toEqual([
      1,
      ...Array.from({ length: 29 }, () => 0),
    ])
  })

  test('is shown at most once per pod in 2 hours', () => {
    expect(tell([at(0, 0), at(2 * HOUR_MS - 1, 1), at(2 * HOUR_MS, 1)])).toEqual([1, 0, 1])
  })

  test('of one pod does not silence another’s, nor the same pod’s of another account', () => {
    const other = pod({ id: 'pod-2' })
    expect(tell([at(0, 0), at(1, 0, other), at(2, 0, pod(), 'account-2'), at(3, 0, other)])).toEqual([
      1, 1, 1, 0,
    ])
  })

  test('is not repeated when the clock is set back', () => {
    expect(tell([at(0, 0), at(-HOUR_MS, 0), at(-HOUR_MS, -2 * HOUR_MS)])).toEqual([1, 0, 0])
  })

  test('is shown again for a new episode after the clock was set back far', () => {
    expect(tell([at(0, 0), at(-3 * HOUR_MS, -4 * HOUR_MS)])).toEqual([1, 1])
  })

  test('leaves a mark that is kept for as long as it matters', () => {
    const first = announce(decisions(idle(HOUR_MS)), {}, START_MS, { idleAlertEveryMs: 2 * HOUR_MS })
    expect(Object.values(first.marks)).toEqual([
      { kind: 'idle', accountId: 'account-1', podId: 'pod-1', episode: START_MS, atMs: START_MS },
    ])
    const rules = { idleAlertEveryMs: 2 * HOUR_MS }
    expect(announce([], first.marks, START_MS + DAY_MS, rules).marks).toEqual(first.marks)
    expect(announce([], first.marks, START_MS + 8 * DAY_MS, rules).marks).toEqual({})
  })
})

describe('marks in a file', () => {
  test.each([null, undefined, 3, 'marks', [], [1, null], { a: null, b: {}, c: { kind: 'idle' } }])(
    'that are not marks are dropped: %j',
    (value) => {
      expect(parseMarks(value)).toEqual({})
    },
  )

  test('that are partly damaged keep the good ones', () => {
    const { marks } = announce(decisions(idle(HOUR_MS)), {}, START_MS, { idleAlertEveryMs: HOUR_MS })
    expect(parseMarks({ ...marks, bad: { ...Object.values(marks)[0], atMs: 'noon' } })).toEqual(marks)
  })
})

describe('the words of an alert', () => {
  test('name the pod, the time, the reason and the cost', () => {
    const [decision] = decisions(idle(30 * MINUTE_MS))
    expect(decision && alertOf(decision)).toEqual({
      key: { kind: 'idle', accountId: 'account-1', podId: 'pod-1', episode: String(START_MS) },
      isCritical: false,
      buttons: ['keep-on', 'stop'],
      title: 'trainer is idle for 30 min',
      body: expect.stringMatching(
        /^GPU 0–2 %, CPU 1 %, memory still, in all 61 samples since \d\d:\d\d · \$1\.00 so far at \$2\.00\/h$/,
      ) as string,
    })
  })

  test('say nothing of a cost that is not known', () => {
    const [decision] = decisions(idle(30 * MINUTE_MS), pod({ costPerHourUsd: null }))
    expect(decision && alertOf(decision).body).not.toContain('$')
  })

  test('tell of an action that failed or did not happen, and of no other', () => {
    const told = Object.entries(intentsOf('stop')).map(([state, intent]) => [state, endOfIntentAlert(intent)])
    expect(told.filter(([, alert]) => alert !== null)).toMatchObject([
      [
        'failed',
        {
          key: { kind: 'action-ended', podId: 'pod-1' },
          buttons: [],
          title: 'trainer: stop failed',
          body: 'It said forbidden.',
        },
      ],
      [
        'did-not-happen',
        {
          key: { kind: 'action-ended' },
          title: 'trainer: stop did not happen',
          body: 'The pod is still running.',
        },
      ],
    ])
  })
})
