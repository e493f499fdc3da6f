import { describe, expect, test } from 'vitest'
import {
  blockedBy,
  blockBy,
  isUnknown,
  type StopCondition,
  stopConditions,
  type StopFacts,
} from '../../../../src/core/guard/policy/stop-conditions'
import { formatTimeOfDay } from '../../../../src/core/base/text/format'
import type { StopRetry } from '../../../../src/core/guard/policy/stop-retry'
import { policyRulesOf } from '../../../../src/core/guard/policy/policy-settings'
import { defaultSettings } from '../../../../src/core/settings/settings'
import type { QuietDoubt } from '../../../../src/core/idle/quiet-doubt'
import { HOUR_MS } from '../../../../src/core/base/time/time'
import { START_MS } from '../../../harness/base/fake-clock'
import { pod } from '../../../harness/samples/pods'

const rules = policyRulesOf(defaultSettings)

/** A stop that no condition blocks. */
const allowed: StopFacts = {
  cause: 'quiet',
  action: 'stop',
  pod: pod(),
  podRules: { isAutoStopped: true },
  isCauseEnabled: true,
  keepOn: null,
  due: dueIn(0),
  warningsLeftMs: 0,
  isWarningUndelivered: false,
  plannedStartedAtMs: pod().startedAtMs,
  hasOpenIntent: false,
  retry: null,
  stopsLastHour: 2,
  isFresh: true,
  isDryRun: false,
  rules,
}
const facts = (over: Partial<StopFacts>): StopFacts => ({ ...allowed, ...over })
const retry = (over: Partial<StopRetry> = {}): StopRetry => ({
  failures: 1,
  leftMs: 1,
  atMs: START_MS,
  message: null,
  ...over,
})
const mountless = { persistentMount: null, networkMounts: [] }

describe('no condition blocks a stop', () => {
  test.each<[string, Partial<StopFacts>]>([
    ['when every rule holds', {}],
    ['the moment that both the quiet time and the warnings are over', { due: dueIn(0), warningsLeftMs: 0 }],
    ['when they are long over', { due: dueIn(-1), warningsLeftMs: 0 }],
    ['at maximum hours', { cause: 'max-hours' }],
    ['at its budget', { cause: 'budget' }],
    [
      'when a network volume survives',
      { pod: pod({ ...mountless, networkMounts: [{ volumeId: 'nv', path: '/net' }] }) },
    ],
    ['when losing its data is allowed', { pod: pod(mountless), podRules: { mayLoseData: true } }],
    [
      'when its owner chose to terminate it, whatever is lost',
      { cause: 'max-hours', action: 'terminate', pod: pod(mountless) },
    ],
    ['when it was not planned yet', { plannedStartedAtMs: null }],
    ['when the pause after a failed try is over', { retry: retry({ leftMs: 0 }) }],
  ])('%s', (_, over) => {
    expect(blockedBy(facts(over), 'fresh')).toEqual([])
  })
})

describe('a condition blocks a stop with an explanation when', () => {
  test.each<[StopCondition, Partial<StopFacts>, string]>([
    ['seen-afresh', { isFresh: false }, 'its current state could not be read'],
    ['running', { pod: pod({ phase: 'stopped' }) }, 'it is not running'],
    ['stop-offered', { pod: pod({ actions: ['start'] }) }, 'Runpod does not offer to stop it now'],
    ['not-locked', { pod: pod({ isLocked: true }) }, 'it is locked'],
    ['not-locked', { pod: pod({ isLocked: null }) }, 'Runpod does not say whether it is locked'],
    ['not-in-cluster', { pod: pod({ clusterId: 'c' }) }, 'it belongs to a cluster'],
    ['same-run', { plannedStartedAtMs: START_MS }, 'it was started again in the meantime'],
    ['same-run', { pod: pod({ startedAtMs: null }) }, 'Runpod does not say when it started'],
    [
      'same-run',
      { pod: pod({ startedAtMs: null }), plannedStartedAtMs: null },
      'Runpod does not say when it started',
    ],
    ['still-quiet', { due: dueIn(1) }, 'it has not been quiet for long enough'],
    ['still-quiet', { due: { kind: 'none', why: 'it is busy' } }, 'it is busy'],
    [
      'still-quiet',
      { due: { kind: 'unknown', leftMs: 0, why: 'it reports no metrics' } },
      'it reports no metrics',
    ],
    [
      'still-quiet',
      { cause: 'max-hours', due: dueIn(1) },
      'it isn’t certain that its maximum hours are over',
    ],
    ['still-quiet', { cause: 'budget', due: dueIn(1) }, 'it isn’t certain that its monthly budget is spent'],
    [
      'cannot-tell',
      { due: dueIn(0, { about: 'cpu', quietForMs: HOUR_MS, vcpuCount: 104, belowCpuPercent: 3 }) },
      'it isn’t certain from outside whether it is working: CPU below 3% of 104 cores may be background noise or a busy core',
    ],
    [
      'cannot-tell',
      { due: dueIn(0, { about: 'memory', quietForMs: HOUR_MS, vcpuCount: 104, belowCpuPercent: 3 }) },
      'it isn’t certain from outside whether it is working: its memory use changed by 2 points or more',
    ],
    ['ticked', { isCauseEnabled: false }, 'it is not selected for auto-stop'],
    ['not-kept-on', { keepOn: { sinceMs: START_MS, untilMs: null } }, 'you keep it running'],
    ['warned', { warningsLeftMs: 1 }, 'you were not warned for long enough'],
    ['warned', { warningsLeftMs: 1, isWarningUndelivered: true }, 'no warning could be shown to you'],
    ['data-survives', { pod: pod(mountless) }, 'it has no volume and stopping would lose the container disk'],
    ['data-survives', { pod: pod({ areMountsKnown: false }) }, 'it is not known whether it has a volume'],
    ['nothing-under-way', { hasOpenIntent: true }, 'another action is under way'],
    [
      'retry-due',
      { retry: retry({ failures: 1, message: null }) },
      `the last attempt failed. The next one is at ${formatTimeOfDay(START_MS)}`,
    ],
    [
      'retry-due',
      { retry: retry({ failures: 4, message: 'It\u202e said no.' }) },
      `the last 4 attempts failed (It said no). The next one is at ${formatTimeOfDay(START_MS)}`,
    ],
    ['not-paused', { rules: { ...rules, arePaused: true } }, 'automatic stops are paused'],
    ['under-hourly-limit', { stopsLastHour: 3 }, 'the limit of 3 automatic stops an hour is reached'],
    [
      'under-hourly-limit',
      { stopsLastHour: 1, rules: { ...rules, stopsPerHour: 1 } },
      'the limit of 1 automatic stop an hour is reached',
    ],
    ['not-a-dry-run', { isDryRun: true }, 'auto-stop is in dry-run mode'],
  ])('%s does not hold: %j: %s', (rule, over, words) => {
    const held = blockedBy(facts(over), 'fresh')
    expect(held).toEqual([rule])
    expect(blockBy(facts(over), held).text).toBe(`Not stopped, since ${words}.`)
  })

  test('Runpod offers no terminate for a pod that is to be terminated', () => {
    const terminating = facts({ cause: 'max-hours', action: 'terminate', pod: pod({ actions: ['stop'] }) })
    expect(blockBy(terminating, blockedBy(terminating, 'standing')).text).toBe(
      'Not terminated, since Runpod does not offer to terminate it now.',
    )
  })

  test('several conditions do not hold: all are named in definition order', () => {
    const held = facts({ pod: pod({ isLocked: true, clusterId: 'c' }), rules: { ...rules, arePaused: true } })
    expect(blockBy(held, blockedBy(held, 'standing')).text).toBe(
      'Not stopped, since it is locked; it belongs to a cluster; automatic stops are paused.',
    )
  })
})

describe('a condition is not met because data is missing, which holds a plan and does not end it,', () => {
  const doubt = { about: 'cpu', quietForMs: HOUR_MS, vcpuCount: 104, belowCpuPercent: 3 } as const
  const missing: readonly [StopCondition, Partial<StopFacts>][] = [
    ['running', { pod: pod({ phase: 'unknown' }) }],
    ['stop-offered', { pod: pod({ actions: [] }) }],
    ['not-locked', { pod: pod({ isLocked: null }) }],
    ['same-run', { pod: pod({ startedAtMs: null }) }],
    ['still-quiet', { due: { kind: 'unknown', leftMs: 0, why: 'it reports no metrics' } }],
    ['cannot-tell', { due: dueIn(0, doubt) }],
    ['data-survives', { pod: pod({ areMountsKnown: false }) }],
  ]
  test.each(missing)('in the case of %s', (name, over) => {
    expect(isUnknown(name, facts(over))).toBe(true)
  })

  test.each<[StopCondition, Partial<StopFacts>]>([
    ['running', { pod: pod({ phase: 'stopped' }) }],
    ['stop-offered', { pod: pod({ actions: ['start'] }) }],
    ['not-locked', { pod: pod({ isLocked: true }) }],
    ['not-in-cluster', { pod: pod({ clusterId: 'c' }) }],
    ['same-run', { plannedStartedAtMs: START_MS - 1 }],
    ['still-quiet', { due: dueIn(1) }],
    ['still-quiet', { due: { kind: 'none', why: 'it is busy' } }],
    ['data-survives', { pod: pod(mountless) }],
  ])('unless what is observed decides: %s', (name, over) => {
    expect(isUnknown(name, facts(over))).toBe(false)
  })

  test('and all others are decided by what the user set or Podkeeper did', () => {
    const decided = stopConditions.filter((name) => !missing.some(([own]) => own === name))
    expect(decided.filter((name) => isUnknown(name, facts({})))).toEqual([])
  })
})

test('before the stop is due, only the conditions that waiting cannot fulfill are checked', () => {
  const nothingHolds = facts({
    cause: 'quiet',
    pod: pod({
      ...mountless,
      phase: 'stopped',
      actions: [],
      isLocked: true,
      clusterId: 'c',
      startedAtMs: null,
    }),
    isCauseEnabled: false,
    keepOn: { sinceMs: START_MS, untilMs: null },
    due: dueIn(1, { about: 'cpu', quietForMs: HOUR_MS, vcpuCount: 104, belowCpuPercent: 3 }),
    warningsLeftMs: 1,
    hasOpenIntent: true,
    retry: retry(),
    stopsLastHour: 9,
    isFresh: false,
    isDryRun: true,
    rules: { ...rules, arePaused: true },
  })
  const onlyOnAFreshLook: readonly StopCondition[] = ['seen-afresh', 'not-a-dry-run']
  const onlyOnceDue: readonly StopCondition[] = [
    'still-quiet',
    'warned',
    'nothing-under-way',
    'retry-due',
    'under-hourly-limit',
  ]
  const due = stopConditions.filter((name) => !onlyOnAFreshLook.includes(name))
  expect(blockedBy(nothingHolds, 'fresh')).toEqual(stopConditions)
  expect(blockedBy(nothingHolds, 'due')).toEqual(due)
  expect(blockedBy(nothingHolds, 'standing')).toEqual(due.filter((name) => !onlyOnceDue.includes(name)))
})

function dueIn(leftMs: number, doubt: QuietDoubt | null = null): StopFacts['due'] {
  return { kind: 'known', leftMs, doubt }
}
