import { describe, expect, test } from 'vitest'
import type { Activity } from '../../../../src/core/idle/activity'
import type { QuietDoubt } from '../../../../src/core/idle/quiet-doubt'
import type { InsideVerdict } from '../../../../src/core/idle/inside/inside-look'
import { noFiguresText } from '../../../../src/core/idle/idle-text'
import {
  autoStopAfterMs,
  dueTimeOf,
  isLookNeeded,
  isStopTimeLookNeeded,
} from '../../../../src/core/guard/policy/due-time'
import type { PolicyPod } from '../../../../src/core/guard/policy/policy-pod'
import { policyRulesOf } from '../../../../src/core/guard/policy/policy-settings'
import type { StopCause } from '../../../../src/core/intents/intent'
import type { PodRules } from '../../../../src/core/pod-rules/pod-rules'
import type { Pod } from '../../../../src/core/pods/pod'
import { defaultSettings } from '../../../../src/core/settings/settings'
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from '../../../../src/core/base/time/time'
import { idleActivity, instant, pod, stoppedPod } from '../../../harness/samples/pods'
import { policyPod } from '../../../harness/guard/policy-context'

/** A stop after one hour of quiet, with warnings 30 and 5 minutes before. */
const rules = policyRulesOf({ ...defaultSettings, autoStopAfterMin: 60 })
const managed: Pod['managed'] = { cloudPodId: null, idleMinutes: 20, stopsAtMs: null, terminatesAtMs: null }

const due = (
  cause: StopCause,
  over: Partial<PolicyPod>,
  podRules: PodRules = {},
  now: Instant = instant(0),
) => dueTimeOf(cause, policyPod(over), podRules, rules, { now, holdNowMs: now.wallMs })
const known = (leftMs: number) => ({ kind: 'known', leftMs, doubt: null })
const none = (why: string) => ({ kind: 'none', why })
const unjudged = (why: string) => ({ ...none('it could not be observed for a while'), unknownBecause: why })
const unknown = (why: string, leftMs: number | null = null) => ({ kind: 'unknown', leftMs, why })

const quietFor = (min: number, doubt?: Partial<QuietDoubt>) =>
  idleActivity({
    quietForMs: min * MINUTE_MS,
    ...(doubt && {
      doubt: { about: 'cpu', quietForMs: 60 * MINUTE_MS, vcpuCount: 64, belowCpuPercent: 2, ...doubt },
    }),
  })
const atRest: InsideVerdict = { kind: 'at-rest', atMs: 0, text: 'no process used the CPU' }
const working: InsideVerdict = { kind: 'working', atMs: 0, text: 'python3 used 97% of one core' }

describe('a pod that does not run', () => {
  test.each(['quiet', 'max-hours', 'stop-time', 'budget'] as const)('is not stopped (%s)', (cause) => {
    const limits = { maxHours: 1, stopAt: '00:00 UTC', monthlyBudgetUsd: 1, atBudget: 'stop' } as const
    expect(due(cause, { pod: stoppedPod() }, limits)).toEqual(none('it is not running'))
    expect(due(cause, { pod: pod({ phase: 'unknown' }) }, limits)).toEqual(
      unknown('Runpod reports a status that Podkeeper does not know'),
    )
  })
})

describe('at its time of day, a pod', () => {
  // The samples begin on 2026-11-24 at 14:05 UTC, and pods of samples have run since before.
  const evening = (hours: number): Instant => instant(hours * HOUR_MS)
  const rule = { stopAt: '16:05 UTC' }
  const dueAt = (hours: number, over: Partial<PolicyPod>) => due('stop-time', over, rule, evening(hours))

  test('is due once the time has come and it was quiet until five minutes before a first warning', () => {
    expect(dueAt(0, { activity: quietFor(300) })).toEqual(known(2 * HOUR_MS))
    expect(dueAt(2, { activity: quietFor(300) })).toEqual(known(0))
    expect(dueAt(2, { activity: quietFor(20) })).toEqual(known(15 * MINUTE_MS))
    expect(dueAt(9.9, { activity: quietFor(300) })).toEqual(known(0))
    expect(dueAt(10.5, { activity: quietFor(300) })).toEqual(known(15.5 * HOUR_MS))
  })

  test('is not due while it is in use', () => {
    expect(dueAt(2, { activity: { kind: 'busy', reason: 'gpu' } as never })).toEqual(none('it is busy'))
  })

  test('is not due without a rule, nor while the time of day isn’t certain', () => {
    expect(due('stop-time', { activity: quietFor(300) })).toEqual(none('no time of day stops it anymore'))
    const time = { now: evening(2), holdNowMs: null }
    expect(dueTimeOf('stop-time', policyPod({ activity: quietFor(300) }), rule, rules, time)).toEqual(
      unknown('the time of day isn’t certain yet'),
    )
  })

  test('has its time and the reason where it can’t be judged, so that this is said before', () => {
    const activity = { kind: 'unknown', reason: 'no-telemetry' } as unknown as Activity
    expect(dueAt(1.5, { activity })).toMatchObject({
      kind: 'unknown',
      leftMs: 30 * MINUTE_MS,
      isLasting: true,
    })
  })

  test('is looked into when the time comes near and only that tells whether it is in use', () => {
    const doubtful = policyPod({ activity: quietFor(0, { quietForMs: 30 * MINUTE_MS }) })
    const isNeeded = (hours: number) => isStopTimeLookNeeded(doubtful, rule, rules, evening(hours).wallMs)
    expect([0, 1.4, 1.5, 3].map(isNeeded)).toEqual([false, false, true, true])
    expect(isStopTimeLookNeeded(doubtful, {}, rules, evening(2).wallMs)).toBe(false)
    expect(isStopTimeLookNeeded(doubtful, rule, rules, null)).toBe(false)
  })
})

describe('at its maximum hours, a pod', () => {
  test('is due once its confirmed uptime reaches them', () => {
    expect(due('max-hours', { uptimeMs: 5 * HOUR_MS }, { maxHours: 8 })).toEqual(known(3 * HOUR_MS))
    expect(due('max-hours', { uptimeMs: 9 * HOUR_MS }, { maxHours: 8 })).toEqual(known(-HOUR_MS))
  })

  test('is not due without them, and has no time while its uptime is unknown', () => {
    expect(due('max-hours', {})).toEqual(none('it no longer has maximum hours'))
    expect(due('max-hours', { uptimeMs: null }, { maxHours: 8 })).toEqual(
      unknown('Runpod does not say when it started'),
    )
  })
})

describe('at its budget, a pod', () => {
  const budget: PodRules = { monthlyBudgetUsd: 40, atBudget: 'stop' }
  const priced = (costPerHourUsd: number | null, more: Partial<Pod> = {}) => ({
    pod: pod({ costPerHourUsd, ...more }),
  })

  test('is due once the rest of it is spent at its price', () => {
    expect(due('budget', { ...priced(4), spentUsd: 32 }, budget)).toEqual(known(2 * HOUR_MS))
    expect(due('budget', { ...priced(4), spentUsd: 40 }, budget)).toEqual(known(0))
    expect(due('budget', { ...priced(4), spentUsd: 44 }, budget)).toEqual(known(-HOUR_MS))
  })

  test('is not due without one that stops it', () => {
    const gone = none('no budget stops it anymore')
    expect(due('budget', { ...priced(4), spentUsd: 44 }, { atBudget: 'stop' })).toEqual(gone)
    expect(due('budget', { ...priced(4), spentUsd: 44 }, { monthlyBudgetUsd: 40 })).toEqual(gone)
  })

  test('has no time while its spend or its price is not known for certain', () => {
    expect(due('budget', { ...priced(4), spentUsd: null }, budget)).toEqual(
      unknown('what it cost this month is not known for certain'),
    )
    for (const price of [null, 0, -1])
      expect(due('budget', { ...priced(price), spentUsd: 44 }, budget)).toEqual(
        unknown('Runpod does not say what it costs'),
      )
    expect(due('budget', { ...priced(4, { isPriceApproximate: true }), spentUsd: 44 }, budget)).toEqual({
      ...unknown('its price is approximate, so what it cost is not certain'),
      isLasting: true,
    })
  })

  test('is not due where the budget lasts until the month ends, in UTC', () => {
    const lasts = none('its budget lasts until the end of the month')
    const now = { ...instant(0), wallMs: Date.UTC(2026, 10, 30, 22) }
    expect(due('budget', { ...priced(4), spentUsd: 32 }, budget, now)).toEqual(lasts)
    expect(due('budget', { ...priced(4), spentUsd: 32.1 }, budget, now)).toMatchObject({ kind: 'known' })
    expect(due('budget', { ...priced(4), spentUsd: -5_000 }, budget, now)).toEqual(lasts)
  })
})

describe('of a quiet pod, the time', () => {
  test('is what its quiet time lacks, by its own rule before that of the account', () => {
    expect(due('quiet', { activity: quietFor(20) })).toEqual(known(40 * MINUTE_MS))
    expect(due('quiet', { activity: quietFor(90) })).toEqual(known(-30 * MINUTE_MS))
    expect(due('quiet', { activity: quietFor(20) }, { autoStopAfterMin: 30 })).toEqual(known(10 * MINUTE_MS))
    expect(autoStopAfterMs({ autoStopAfterMin: 30 }, rules)).toBe(30 * MINUTE_MS)
    expect(autoStopAfterMs({}, rules)).toBe(HOUR_MS)
  })

  test('ends with work, and with a gap in which it was not observed', () => {
    const busy: Activity = { kind: 'busy', by: 'gpu', partlyIdle: null }
    expect(due('quiet', { activity: busy })).toEqual(none('it is busy'))
    expect(due('quiet', { activity: busy, pod: pod({ managed }) })).toEqual(none('it is busy'))
    const lost: Activity = { kind: 'unknown', reason: 'not-seen', sinceMs: null }
    expect(due('quiet', { activity: lost })).toEqual(unjudged('it was not observed for a while'))
    const booting: Activity = { kind: 'unknown', reason: 'booting', sinceMs: null }
    expect(due('quiet', { activity: booting })).toEqual(none('it could not be observed for a while'))
  })

  test('is that of the episode which missing data interrupts, and is not certain meanwhile', () => {
    const paused = quietFor(20)
    const activity: Activity = { kind: 'unknown', reason: 'figure-missing', sinceMs: 0, paused }
    expect(due('quiet', { activity })).toEqual(unknown('one of its metrics is missing', 40 * MINUTE_MS))
  })

  describe('of a pod with a doubt', () => {
    test('counts the doubtful part only once the stop is near, and names the doubt', () => {
      const far = quietFor(10, { quietForMs: 29 * MINUTE_MS })
      expect(due('quiet', { activity: far })).toEqual(known(50 * MINUTE_MS))
      const near = quietFor(10, { quietForMs: 30 * MINUTE_MS })
      expect(due('quiet', { activity: near })).toEqual({
        kind: 'known',
        leftMs: 30 * MINUTE_MS,
        doubt: near.doubt,
      })
    })

    test('has none left where its certain quiet alone brings the first warning', () => {
      const sure = quietFor(30, { quietForMs: 50 * MINUTE_MS })
      expect(due('quiet', { activity: sure })).toEqual(known(30 * MINUTE_MS))
      const almost = quietFor(29, { quietForMs: 50 * MINUTE_MS })
      expect(due('quiet', { activity: almost })).toMatchObject({
        leftMs: 10 * MINUTE_MS,
        doubt: almost.doubt,
      })
    })

    test('counts it all where low CPU is idle or a look from inside found it at rest', () => {
      const activity = quietFor(10, { quietForMs: 29 * MINUTE_MS })
      expect(due('quiet', { activity }, { isLowCpuIdle: true })).toEqual(known(31 * MINUTE_MS))
      expect(due('quiet', { activity, insideVerdict: atRest })).toEqual(known(31 * MINUTE_MS))
      expect(due('quiet', { activity, insideVerdict: working })).toEqual(known(50 * MINUTE_MS))
      expect(due('quiet', { activity }, { isLowCpuIdle: false })).toEqual(known(50 * MINUTE_MS))
    })

    test('says how much of it memory took, and doubts it until memory was still for the whole time', () => {
      const activity = quietFor(10, { quietForMs: 20 * MINUTE_MS, memoryMovedMs: 7 * MINUTE_MS })
      const movedMs = 7 * MINUTE_MS
      expect(due('quiet', { activity })).toEqual({
        ...known(50 * MINUTE_MS),
        creep: { movedMs, doubt: { ...activity.doubt, about: 'memory' } },
      })
      expect(due('quiet', { activity }, { isLowCpuIdle: true })).toMatchObject({
        creep: { movedMs, doubt: null },
      })
      expect(due('quiet', { activity, insideVerdict: atRest })).toMatchObject({
        creep: { movedMs, doubt: null },
      })
      const still = { ...activity, quietForMs: HOUR_MS }
      expect(due('quiet', { activity: still })).toEqual({ ...known(0), creep: { movedMs, doubt: null } })
      const none = { ...activity, quietForMs: HOUR_MS - 1 }
      expect(due('quiet', { activity: none })).toMatchObject({ creep: { doubt: { about: 'memory' } } })
      const unmoved = quietFor(10, { quietForMs: 20 * MINUTE_MS, memoryMovedMs: 0 })
      expect(due('quiet', { activity: unmoved })).not.toHaveProperty('creep')
    })
  })

  describe('of a pod without figures of its own', () => {
    const noFigures = { ...unknown(noFiguresText), isLasting: true }

    test('is unknown for good, whatever its service reports', () => {
      const reported = idleActivity({ reportedMinutes: 90 })
      expect(due('quiet', { activity: reported })).toEqual(noFigures)
      const lacking: Activity = { kind: 'unknown', reason: 'no-telemetry', sinceMs: null }
      expect(due('quiet', { activity: lacking, pod: pod({ managed }) })).toEqual(noFigures)
      const paused: Activity = { kind: 'unknown', reason: 'uptime-stale', sinceMs: null, paused: reported }
      expect(due('quiet', { activity: paused, pod: pod({ managed }) })).toEqual(noFigures)
    })

    test('is only interrupted where it has some at other times, or no service manages it', () => {
      const own: Activity = { kind: 'unknown', reason: 'no-telemetry', sinceMs: null, paused: quietFor(20) }
      expect(due('quiet', { activity: own, pod: pod({ managed }) })).toEqual(
        unknown('it reports no metrics', 40 * MINUTE_MS),
      )
      const stale: Activity = { kind: 'unknown', reason: 'uptime-stale', sinceMs: null }
      expect(due('quiet', { activity: stale, pod: pod({ managed }) })).toEqual(
        unjudged('its metrics are stale: its uptime does not advance'),
      )
      const unmanaged: Activity = { kind: 'unknown', reason: 'no-telemetry', sinceMs: null }
      expect(due('quiet', { activity: unmanaged })).toEqual(unjudged('it reports no metrics'))
    })
  })
})

describe('a look from inside is needed', () => {
  const isNeeded = (over: Partial<PolicyPod>, podRules: PodRules = {}) =>
    isLookNeeded(policyPod(over), podRules, rules)
  const doubtful = quietFor(10, { quietForMs: 30 * MINUTE_MS })

  test('once the stop is near if the doubtful part counts, and until it is certain', () => {
    expect(isNeeded({ activity: doubtful })).toBe(true)
    expect(isNeeded({ activity: quietFor(10, { quietForMs: 30 * MINUTE_MS - 1 }) })).toBe(false)
    expect(isNeeded({ activity: quietFor(30, { quietForMs: 30 * MINUTE_MS }) })).toBe(false)
    expect(isNeeded({ activity: quietFor(59, { quietForMs: 80 * MINUTE_MS }) })).toBe(true)
    expect(isNeeded({ activity: quietFor(60, { quietForMs: 80 * MINUTE_MS }) })).toBe(false)
    expect(isNeeded({ activity: quietFor(70, { quietForMs: 80 * MINUTE_MS }) })).toBe(false)
    expect(isNeeded({ activity: quietFor(40) })).toBe(false)
  })

  test('also while missing data interrupts the episode', () => {
    const paused: Activity = { kind: 'unknown', reason: 'figure-missing', sinceMs: null, paused: doubtful }
    expect(isNeeded({ activity: paused })).toBe(true)
  })

  test('by no pod that is off, at work, idle by report, or whose low CPU is idle', () => {
    expect(isNeeded({ activity: doubtful, pod: stoppedPod() })).toBe(false)
    expect(isNeeded({ activity: { kind: 'busy', by: 'cpu', partlyIdle: null } })).toBe(false)
    expect(isNeeded({ activity: { kind: 'unknown', reason: 'not-seen', sinceMs: null } })).toBe(false)
    expect(isNeeded({ activity: { ...doubtful, reportedMinutes: 40 } })).toBe(false)
    expect(isNeeded({ activity: doubtful }, { isLowCpuIdle: true })).toBe(false)
    expect(isNeeded({ activity: doubtful }, { isLowCpuIdle: false })).toBe(true)
  })
})

test('the rule of a pod is in minutes, that of the account as the settings have it', () => {
  const slow = policyRulesOf({ ...defaultSettings, autoStopAfterMin: (2 * DAY_MS) / MINUTE_MS })
  expect([autoStopAfterMs({}, slow), autoStopAfterMs({ autoStopAfterMin: 1 }, slow)]).toEqual([
    2 * DAY_MS,
    MINUTE_MS,
  ])
})
