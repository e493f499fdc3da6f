import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { obstacleCodes, obstacleDefinitions, type RuleOutlook } from '../../../src/core/obstacles/obstacle'
import { createObstacleTracker } from '../../../src/core/obstacles/obstacle-tracker'
import { createFakeClock } from '../../harness/base/fake-clock'

const outlook = (over: Partial<RuleOutlook> = {}): RuleOutlook => ({
  podId: 'p',
  podName: 'llama',
  startedAtMs: 5,
  rule: 'quiet',
  action: 'stop',
  dueInMs: 0,
  impediment: null,
  isCovered: false,
  ...over,
})

const unheard = { code: 'unheard', why: 'no warning could be shown to you' } as const

function track() {
  const clock = createFakeClock()
  const tracker = createObstacleTracker('a', clock)
  return {
    clock,
    tracker,
    /** Judges each minute, and returns the titles of the alerts at the end. */
    judge: (minutes: number, outlooks: readonly RuleOutlook[]): string[] => {
      let alerts = tracker.judge(outlooks)
      for (let minute = 0; minute < minutes; minute += 1) {
        clock.advance(MINUTE_MS)
        alerts = tracker.judge(outlooks)
      }
      expect(new Set(alerts.map(({ isCritical }) => isCritical))).not.toContain(false)
      return alerts.map(({ title }) => title)
    },
  }
}

describe('a rule that nobody can carry out', () => {
  test('is alerted after 15 min of awake time, and no longer once somebody can', () => {
    const { judge } = track()
    const rules = [outlook({ impediment: unheard })]
    expect(judge(14, rules)).toEqual([])
    expect(judge(1, rules)).toEqual(['llama isn’t stopped, because no warning can be shown'])
    expect(judge(0, [outlook()])).toEqual([])
    expect(judge(14, rules)).toEqual([])
  })

  test('is a notification that says since when, why, what comes of it, and what helps', () => {
    const { judge, tracker } = track()
    const rules = [outlook({ impediment: unheard, dueInMs: 40 * MINUTE_MS })]
    judge(15, rules)
    expect(tracker.judge(rules)).toMatchObject([
      {
        key: { kind: 'unable-to-act', podId: 'p' },
        title: 'llama isn’t stopped, because no warning can be shown',
        body: expect.stringMatching(
          /^Since \d\d:\d\d: no warning could be shown to you\. It should be stopped in 40 min, but keeps running\. Check the system’s notification settings, add a phone or chat channel, or allow stops without a warning\.$/,
        ) as string,
      },
    ])
  })

  test('counts no time in which the computer slept', () => {
    const { clock, judge } = track()
    const rules = [outlook({ impediment: unheard })]
    judge(10, rules)
    clock.shiftWallClock(9 * HOUR_MS)
    expect(judge(4, rules)).toEqual([])
    expect(judge(2, rules)).toHaveLength(1)
  })

  test('is handed over at once where the guard in the pod can carry it out, and no alert', () => {
    const { tracker, judge } = track()
    expect(judge(60, [outlook({ impediment: unheard, isCovered: true })])).toEqual([])
    expect(tracker.isImpaired('p')).toBe(true)
    expect(tracker.textOf('p', 'quiet')).toBe(
      'Not stopped, since no warning could be shown to you. The guard in the pod can stop it.',
    )
  })

  test('is alerted within the hour before it is due, by the time that was last known', () => {
    const { judge, tracker } = track()
    judge(0, [outlook({ rule: 'max-hours', dueInMs: 3 * HOUR_MS })])
    tracker.set('offline', 'Runpod can’t be reached')
    const blind = [outlook({ rule: 'max-hours', dueInMs: null })]
    expect(judge(119, blind)).toEqual([])
    expect(judge(1, blind)).toEqual(['Automatic stops wait for Runpod'])
  })

  test('is one alert for all pods where the account is the reason, also when that comes back soon', () => {
    const { clock, judge, tracker } = track()
    const rules = ['a', 'b', 'c'].map((podId) => outlook({ podId, podName: podId }))
    tracker.set('offline', 'Runpod can’t be reached')
    judge(15, rules)
    const keys = () => tracker.judge(rules).map(({ key }) => key)
    const before = keys()
    expect(before).toMatchObject([{ podId: null }])
    tracker.set('offline', null)
    judge(1, rules)
    tracker.set('offline', 'Runpod can’t be reached')
    clock.advance(MINUTE_MS)
    judge(15, rules)
    expect(keys()).toEqual(before)
    clock.advance(2 * HOUR_MS)
    expect(judge(0, [outlook()])).toEqual([])
    clock.advance(MINUTE_MS)
    judge(15, rules)
    expect(keys()).not.toEqual(before)
  })

  test('is one alert however long the account is the reason, and another one where that comes back long after it', () => {
    const { judge, tracker } = track()
    const rules = [outlook()]
    const episodes = () => tracker.judge(rules).map(({ key }) => key.episode)
    tracker.set('offline', 'Runpod can’t be reached')
    judge(15, rules)
    const first = episodes()
    judge(5 * 60, rules)
    expect([episodes(), first.length]).toEqual([first, 1])
    tracker.set('offline', null)
    expect(judge(5, rules)).toEqual([])
    tracker.set('offline', 'Runpod can’t be reached')
    judge(15, rules)
    expect(episodes()).toEqual([expect.not.stringMatching(first[0]!)])
  })

  test('is shown although nothing may be written where this program only reads, unless another one acts', () => {
    const { judge, tracker } = track()
    tracker.set('folder-held', 'the Podkeeper app sends alerts and acts')
    expect(judge(60, [outlook()])).toEqual([])
    expect(tracker.textOf('p', 'quiet')).toBeNull()
    tracker.set('folder-held', null)
    tracker.set('folder-unusable', 'the lock can’t be used')
    judge(15, [outlook()])
    expect(tracker.judge([outlook()])).toMatchObject([
      { title: 'The data folder can’t be used', isOfReader: true, isCritical: true, key: { podId: null } },
    ])
  })

  test('is alerted again for another reason that lasts for 15 min, and not for one that passes', () => {
    const { judge, tracker } = track()
    const rules = [outlook({ impediment: unheard })]
    judge(20, rules)
    tracker.set('offline', 'Runpod can’t be reached')
    expect(judge(10, rules)).toEqual(['llama isn’t stopped, because no warning can be shown'])
    expect(judge(6, rules)).toEqual(['Automatic stops wait for Runpod'])
    tracker.set('offline', null)
    expect(judge(20, rules)).toEqual(['llama isn’t stopped, because no warning can be shown'])
    expect(judge(0, [outlook()])).toEqual([])
  })

  test('is alerted once more when no stop is tried any more, and not again when the first reason is back', () => {
    const { judge, tracker } = track()
    const rules = [outlook({ impediment: { code: 'cannot-save', why: 'the disk is full' } })]
    const unsaved = judge(20, rules)
    expect(unsaved).toEqual(['Automatic stops can’t be saved, so none is sent'])
    const [before] = tracker.judge(rules)
    tracker.set('offline', 'Runpod can’t be reached')
    expect(judge(14, rules)).toEqual(unsaved)
    expect(judge(2, rules)).toEqual(['Automatic stops wait for Runpod'])
    tracker.set('offline', null)
    judge(20, rules)
    expect(tracker.judge(rules).map(({ key }) => key)).toEqual([before?.key])
  })

  test('is left to the alert that another source has about it', () => {
    const { judge, tracker } = track()
    tracker.set('key-refused', 'Runpod rejected the API key')
    expect(judge(60, [outlook()])).toEqual([])
    expect(tracker.views()).toMatchObject([{ code: 'key-refused', title: 'Runpod rejected the API key' }])
  })
})

describe('what is shown', () => {
  test('is what everything depends on, and not what follows from it', () => {
    const { judge, tracker } = track()
    judge(20, [outlook({ impediment: unheard })])
    expect(tracker.views()).toMatchObject([{ code: 'unheard', podName: 'llama' }])
    tracker.set('offline', 'Runpod can’t be reached')
    judge(20, [outlook({ impediment: unheard })])
    expect(tracker.views()).toMatchObject([{ code: 'offline', podId: null }])
  })

  test('names each obstacle once', () => {
    const { judge, tracker } = track()
    const impediment = { code: 'cannot-save', why: 'it could not be saved: the disk is full' } as const
    judge(
      1,
      ['a', 'b'].map((podId) => outlook({ podId, impediment })),
    )
    expect(tracker.views().map(({ code, podId }) => [code, podId])).toEqual([['cannot-save', null]])
  })

  test('depends on what that depends on, too, and never on itself', () => {
    for (const code of obstacleCodes) {
      const { dependsOn } = obstacleDefinitions[code]
      expect(dependsOn).not.toContain(code)
      expect(dependsOn).toEqual(
        expect.arrayContaining(dependsOn.flatMap((other) => obstacleDefinitions[other].dependsOn)),
      )
    }
  })
})

/** A minute of the world: whether the rule can be carried out, when it is due, who else could, and how long it lasts. */
const minuteArb = fc.record({
  isAble: fc.boolean(),
  dueInMs: fc.constantFrom(0, 30 * MINUTE_MS, 2 * HOUR_MS),
  isCovered: fc.boolean(),
  minutes: fc.integer({ min: 1, max: 25 }),
  sleptMs: fc.constantFrom(0, 0, 0, 8 * HOUR_MS),
})

test('an alert comes exactly when a rule that is due soon could be carried out by nobody for 15 min', () => {
  fc.assert(
    fc.property(fc.array(minuteArb, { maxLength: 12 }), (phases) => {
      const { clock, tracker } = track()
      /** Whole minutes, without the first one and those after a sleep. */
      let unableMin: number | null = null
      let isSaid = false
      for (const { isAble, dueInMs, isCovered, minutes, sleptMs } of phases) {
        clock.shiftWallClock(sleptMs)
        for (let minute = 0; minute < minutes; minute += 1) {
          clock.advance(MINUTE_MS)
          const wasAsleep = minute === 0 && sleptMs > 0
          if (isAble || isCovered) unableMin = isAble ? null : 0
          else unableMin = unableMin === null ? 0 : unableMin + (wasAsleep ? 0 : 1)
          isSaid = unableMin !== null && !isCovered && (isSaid || (unableMin >= 15 && dueInMs <= HOUR_MS))
          const alerts = tracker.judge([outlook({ dueInMs, isCovered, impediment: isAble ? null : unheard })])
          expect(alerts).toHaveLength(isSaid ? 1 : 0)
          expect(tracker.isImpaired('p')).toBe(!isAble)
        }
      }
    }),
    { numRuns: 60 },
  )
})
