import { describe, expect, test } from 'vitest'
import {
  afterFailedAttempt,
  isEpisodeOf,
  isSameStopPlan,
  isWarningUndelivered,
  newStopPlan,
  type StopPlan,
  warningDue,
  warningEpisode,
  type WarningRules,
  warningsLeftMs,
  wasFirstWarningDelivered,
  withWarning,
} from '../../../../src/core/guard/policy/stop-plan'
import { MINUTE_MS } from '../../../../src/core/base/time/time'
import { START_MS } from '../../../harness/base/fake-clock'
import { instant } from '../../../harness/samples/pods'

const rules: WarningRules = { firstMs: 30 * MINUTE_MS, lastMs: 5 * MINUTE_MS, mayActUndelivered: false }
const undeliveredToo: WarningRules = { ...rules, mayActUndelivered: true }
const terms = {
  cause: 'quiet',
  action: 'stop',
  podStartedAtMs: START_MS,
  isDryRun: false,
} as const
const at = (min: number) => instant(min * MINUTE_MS)
/** Created at minute 0, for a stop in half an hour. */
const fresh = newStopPlan(terms, 30 * MINUTE_MS, at(0))
/** `first` and `last`: the minutes at which each warning was delivered. */
function warned(first: number, last?: number): StopPlan {
  const plan = withWarning(fresh, 'first', true, at(first))
  return last === undefined ? plan : withWarning(plan, 'last', true, at(last))
}
/** The minutes at which the delivery of each warning failed. */
function tried(first: number, last?: number): StopPlan {
  const plan = withWarning(fresh, 'first', false, at(first))
  return last === undefined ? plan : withWarning(plan, 'last', false, at(last))
}

describe('a plan is still the one that its warnings announced', () => {
  test('while nothing about it changed', () => {
    expect(isSameStopPlan(fresh, terms, 20 * MINUTE_MS, at(10), rules)).toBe(true)
  })

  test('while its time moved by no more than the first warning period', () => {
    expect(isSameStopPlan(fresh, terms, 30 * MINUTE_MS, at(30), rules)).toBe(true)
    expect(isSameStopPlan(fresh, terms, 30 * MINUTE_MS + 1, at(30), rules)).toBe(false)
  })

  test('once its time has come, even if a frozen uptime moves it further back', () => {
    expect(isSameStopPlan(fresh, terms, 0, at(100), rules)).toBe(true)
    expect(isSameStopPlan(fresh, terms, -10 * MINUTE_MS, at(100), rules)).toBe(true)
    expect(isSameStopPlan(fresh, terms, 1, at(100), rules)).toBe(false)
  })

  test.each([
    ['another cause', { cause: 'max-hours' }],
    ['another action', { action: 'terminate' }],
    ['another start of the pod', { podStartedAtMs: START_MS + 1 }],
    ['a start that is not known', { podStartedAtMs: null }],
    ['a dry run that became real', { isDryRun: true }],
  ] as const)('but not with %s', (_, change) => {
    expect(isSameStopPlan(fresh, { ...terms, ...change }, 20 * MINUTE_MS, at(10), rules)).toBe(false)
  })

  test('but not in another run of Podkeeper', () => {
    const later = instant(10 * MINUTE_MS, { runId: 'run-2' })
    expect(isSameStopPlan(fresh, terms, 20 * MINUTE_MS, later, rules)).toBe(false)
  })
})

test('each warning of a plan has a permanent name of its own', () => {
  const at7 = newStopPlan(terms, 0, instant(7.6))
  expect(warningEpisode(at7, 'first')).toBe('quiet:run-1:5008:first')
  expect(warningEpisode(warned(0), 'last')).toBe('quiet:run-1:5000:last')
})

test('each retry of a plan has a last warning with a name of its own, and the same first one', () => {
  const retry = afterFailedAttempt(warned(0, 25))
  const names = [retry, afterFailedAttempt(retry)].map((plan) => warningEpisode(plan, 'last'))
  expect(names).toEqual(['quiet:run-1:5000:last:retry-1', 'quiet:run-1:5000:last:retry-2'])
  expect(warningEpisode(retry, 'first')).toBe('quiet:run-1:5000:first')
  expect(isEpisodeOf(names[0] ?? '', 'quiet')).toBe(true)
})

test('an episode identifies the cause of its plan', () => {
  const episode = warningEpisode(newStopPlan({ ...terms, cause: 'budget' }, 0, at(0)), 'first')
  expect(isEpisodeOf(episode, 'budget')).toBe(true)
  expect(isEpisodeOf(episode, 'quiet')).toBe(false)
  expect(isEpisodeOf('budgetary:first', 'budget')).toBe(false)
})

describe('the warning that is due', () => {
  test('is the first one until it is delivered, however near the stop is', () => {
    expect(warningDue(fresh, 30 * MINUTE_MS, at(0), rules)).toBe('first')
    expect(warningDue(tried(0), 0, at(40), rules)).toBe('first')
  })

  test('is none between the two', () => {
    expect(warningDue(warned(0), 5 * MINUTE_MS + 1, at(24), rules)).toBeNull()
  })

  test('is the last one from its set time before the stop until it is delivered', () => {
    expect(warningDue(warned(0), 5 * MINUTE_MS, at(25), rules)).toBe('last')
    expect(warningDue(warned(0, 25), 4 * MINUTE_MS, at(26), rules)).toBeNull()
  })

  test('comes later when the first one was delivered late', () => {
    expect(warningDue(warned(10), 0, at(34), rules)).toBeNull()
    expect(warningDue(warned(10), 0, at(35), rules)).toBe('last')
  })

  test('counts from the first attempt where undelivered stops are allowed', () => {
    expect(warningDue(tried(0), 6 * MINUTE_MS, at(24), undeliveredToo)).toBe('first')
    expect(warningDue(tried(0), 5 * MINUTE_MS, at(25), undeliveredToo)).toBe('last')
  })

  test('is the first one even then, when it was never attempted', () => {
    expect(warningDue(fresh, 0, at(0), undeliveredToo)).toBe('first')
  })
})

describe('the warnings of a plan postpone it', () => {
  test('by half an hour before the first was delivered', () => {
    expect(warningsLeftMs(fresh, at(0), rules)).toBe(30 * MINUTE_MS)
    expect(warningsLeftMs(tried(0), at(40), rules)).toBe(30 * MINUTE_MS)
  })

  test('by the longer remaining time of the two', () => {
    expect(warningsLeftMs(warned(0), at(10), rules)).toBe(20 * MINUTE_MS)
    expect(warningsLeftMs(warned(0), at(40), rules)).toBe(5 * MINUTE_MS)
    expect(warningsLeftMs(warned(0, 27), at(28), rules)).toBe(4 * MINUTE_MS)
  })

  test('no longer once both were delivered early enough', () => {
    expect(warningsLeftMs(warned(0, 25), at(30), rules)).toBe(0)
    expect(warningsLeftMs(warned(0, 25), at(90), rules)).toBe(0)
  })

  test('from their first attempt, where undelivered stops are allowed', () => {
    expect(warningsLeftMs(tried(0, 25), at(26), undeliveredToo)).toBe(4 * MINUTE_MS)
    expect(warningsLeftMs(fresh, at(0), undeliveredToo)).toBe(30 * MINUTE_MS)
  })

  test('again by the last one after a failed attempt', () => {
    expect(warningsLeftMs(afterFailedAttempt(warned(0, 25)), at(90), rules)).toBe(5 * MINUTE_MS)
  })
})

describe('a warning', () => {
  test('counts from its first attempt and from its first delivery', () => {
    const again = withWarning(withWarning(tried(3), 'first', true, at(4)), 'first', true, at(5))
    expect(again.first).toEqual({ requestedAt: at(3), deliveredAt: at(4) })
  })

  test('that was attempted for the period of the last warning counts as undelivered', () => {
    expect(isWarningUndelivered(tried(0), at(5), rules)).toBe(true)
    expect(isWarningUndelivered(tried(0), instant(5 * MINUTE_MS - 1), rules)).toBe(false)
    expect(isWarningUndelivered(withWarning(warned(0), 'last', false, at(25)), at(30), rules)).toBe(true)
  })

  test('that was delivered, is not due, or need not be delivered does not count as undelivered', () => {
    expect(isWarningUndelivered(warned(0), at(60), rules)).toBe(false)
    expect(isWarningUndelivered(fresh, at(60), rules)).toBe(false)
    expect(isWarningUndelivered(tried(0), at(60), undeliveredToo)).toBe(false)
  })
})

test('a terminate needs a first warning that was delivered early enough, whatever else is allowed', () => {
  expect(wasFirstWarningDelivered(warned(0), at(30), undeliveredToo)).toBe(true)
  expect(wasFirstWarningDelivered(warned(0), instant(30 * MINUTE_MS - 1), undeliveredToo)).toBe(false)
  expect(wasFirstWarningDelivered(tried(0), at(90), undeliveredToo)).toBe(false)
})
