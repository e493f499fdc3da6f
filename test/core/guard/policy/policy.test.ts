import { describe, expect, test } from 'vitest'
import { type PodRules, podRulesOf } from '../../../../src/core/pod-rules/pod-rules'
import type { StopPlan } from '../../../../src/core/guard/policy/stop-plan'
import {
  activeKeepOn,
  evaluateCause,
  isAutoStopEnabled,
  stopFactsOf,
} from '../../../../src/core/guard/policy/policy'
import type { PolicyPod } from '../../../../src/core/guard/policy/policy-pod'
import { idleCost } from '../../../../src/core/money/burn-rate'
import { HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import { START_MS } from '../../../harness/base/fake-clock'
import { ticked } from '../../../harness/guard/guarded-monitor'
import { idleActivity, instant, pod } from '../../../harness/samples/pods'
import { busy, contextAt, idleFor, policyPod } from '../../../harness/guard/policy-context'

const fourDollars: PodRules = { monthlyBudgetUsd: 4, atBudget: 'stop' }

describe('whether a pod may be stopped automatically', () => {
  test.each([
    ['undecided', true, false],
    ['off', true, false],
    ['ticked', undefined, false],
    ['ticked', false, false],
    ['ticked', true, true],
    ['all', undefined, true],
    ['all', true, true],
    ['all', false, false],
  ] as const)('in mode %s, for a pod whose selection is %s: %s', (mode, tick, expected) => {
    expect(isAutoStopEnabled(mode, tick === undefined ? {} : { isAutoStopped: tick })).toBe(expected)
  })
})

describe('the rules of a pod', () => {
  test('are empty when none were set, whatever the pod’s name', () => {
    expect(podRulesOf({ autoStop: 'all', pods: {} }, 'constructor')).toEqual({})
    expect(podRulesOf(ticked(), 'pod-2')).toEqual({})
    expect(podRulesOf(ticked(), 'pod-1')).toEqual({ isAutoStopped: true })
  })

  test('keep it running for the chosen time', () => {
    const keepOn = { sinceMs: START_MS, untilMs: START_MS + HOUR_MS }
    expect(activeKeepOn({ keepOn }, { holdNowMs: instant(HOUR_MS - 1).wallMs })).toEqual(keepOn)
    expect(activeKeepOn({ keepOn }, { holdNowMs: instant(HOUR_MS).wallMs })).toBeNull()
    expect(activeKeepOn({}, { holdNowMs: instant(0).wallMs })).toBeNull()
  })
})

describe('the status of a pod for an automatic stop', () => {
  const evaluate = (judged: Partial<PolicyPod>, context = contextAt(0), cause: StopPlan['cause'] = 'quiet') =>
    evaluateCause(cause, undefined, policyPod(judged), context)
  const clear = { status: { kind: 'clear', leftMs: null, hold: null }, warning: null, endedBecause: null }
  const leftMs = (ms: number) => ({ ...clear, status: { kind: 'clear', leftMs: ms, hold: null } })

  test.each<[string, Partial<PolicyPod>, PodRules]>([
    ['it does not run', { pod: pod({ phase: 'stopped' }) }, {}],
    ['it works', { activity: busy() }, {}],
    ['it is not ticked', {}, { isAutoStopped: false }],
  ])('is clear without a time while %s', (_, judged, rules) => {
    expect(evaluate(judged, contextAt(0, rules))).toEqual(clear)
  })

  test.each<[string, Partial<PolicyPod>, PodRules]>([
    ['it has no maximum hours', {}, {}],
    ['it does not run', { pod: pod({ phase: 'stopped' }) }, { maxHours: 1 }],
  ])('is clear without a time for maximum hours while %s', (_, judged, rules) => {
    expect(evaluate(judged, contextAt(0, rules), 'max-hours')).toEqual(clear)
  })

  test('is held without a time while data that decides is missing', () => {
    const hold = {
      why: 'Runpod does not say when it started',
      conditions: ['still-quiet'],
      isDataMissing: true,
    }
    for (const isLocked of [false, true])
      expect(
        evaluate({ uptimeMs: null, pod: pod({ isLocked }) }, contextAt(0, { maxHours: 1 }), 'max-hours')
          .status,
      ).toEqual({ kind: 'clear', leftMs: null, hold })
  })

  test.each<[string, Partial<PolicyPod>, Parameters<typeof contextAt>[2]]>([
    ['it is locked', { pod: pod({ isLocked: true }) }, {}],
    [
      'it has no volume and stopping would lose the container disk',
      { pod: pod({ persistentMount: null }) },
      {},
    ],
    ['Runpod does not offer to stop it now', { pod: pod({ actions: ['restart'] }) }, {}],
    ['it belongs to a cluster', { pod: pod({ clusterId: 'c' }) }, {}],
    ['automatic stops are paused', {}, { settings: { areAutoStopsPaused: true } }],
  ])('is held long before the first warning, since %s', (why, judged, over) => {
    const { status, warning } = evaluate({ activity: idleFor(1), ...judged }, contextAt(0, {}, over))
    const hold = { why, isDataMissing: false }
    expect(status).toMatchObject({ kind: 'clear', leftMs: 59 * MINUTE_MS, hold })
    expect(warning).toBeNull()
  })

  test('is held as missing data long before, while a reply leaves out what decides', () => {
    const { status } = evaluate({ activity: idleFor(1), pod: pod({ isLocked: null }) })
    expect(status).toMatchObject({
      hold: { why: 'Runpod does not say whether it is locked', isDataMissing: true },
    })
  })

  test('is clear while the pod is kept running, with the time that this holds', () => {
    const kept = contextAt(0, { keepOn: { sinceMs: START_MS, untilMs: null } })
    expect(evaluate({ activity: idleFor(45) }, kept)).toEqual(leftMs(15 * MINUTE_MS))
  })

  test('is clear more than half an hour before the stop by quiet time, by its own selection or that of all pods', () => {
    expect(evaluate({ activity: idleFor(29) })).toEqual(leftMs(31 * MINUTE_MS))
    const own = contextAt(0, { autoStopAfterMin: 90 })
    expect(evaluate({ activity: idleFor(29) }, own)).toEqual(leftMs(61 * MINUTE_MS))
  })

  test('depends on quiet time only, so a pod that is idle but not quiet has all of it ahead', () => {
    const loud = idleActivity({ quietForMs: 0 })
    expect(evaluate({ activity: loud })).toEqual(leftMs(HOUR_MS))
  })

  test('is clear more than half an hour before the stop by maximum hours', () => {
    const context = contextAt(0, { maxHours: 3 })
    expect(evaluate({ activity: busy() }, context, 'max-hours')).toEqual(leftMs(2 * HOUR_MS))
  })

  test('says long before what would keep it from happening, and whether only data is missing', () => {
    const holdOf = (over: Partial<PolicyPod['pod']>) => {
      const { status } = evaluate({ activity: idleFor(10), pod: pod(over) })
      return status.kind === 'clear' ? status.hold : undefined
    }
    expect(holdOf({})).toBeNull()
    expect(holdOf({ isLocked: null })).toEqual({
      why: 'Runpod does not say whether it is locked',
      conditions: ['not-locked'],
      isDataMissing: true,
    })
    expect(holdOf({ isLocked: null, clusterId: 'c' })).toEqual({
      why: 'Runpod does not say whether it is locked; it belongs to a cluster',
      conditions: ['not-locked', 'not-in-cluster'],
      isDataMissing: false,
    })
  })

  test('is planned half an hour before, with a warning', () => {
    const { status: planned, warning } = evaluate({ activity: idleFor(30) })
    expect(planned).toMatchObject({ kind: 'planned', leftMs: 30 * MINUTE_MS, block: null })
    expect(warning).toMatchObject({
      key: { kind: 'auto-stop-soon', episode: 'quiet:run-1:5000:first' },
      title: 'trainer will be stopped in 30 min',
    })
  })

  test('is held without a warning where the stop could not happen', () => {
    const { status: held, warning } = evaluate({ activity: idleFor(30), pod: pod({ isLocked: true }) })
    expect(held).toEqual({
      kind: 'blocked',
      conditions: ['not-locked'],
      text: 'Not stopped, since it is locked.',
      why: 'it is locked',
    })
    expect(warning).toBeNull()
  })

  describe('whose last stop failed', () => {
    const retryIn = (min: number) => ({
      failures: 2,
      leftMs: min * MINUTE_MS,
      atMs: START_MS + min * MINUTE_MS,
      message: null,
    })
    const pausedFor = (min: number) => contextAt(0, {}, { findRetry: () => retryIn(min) })

    test('is held without a plan while the next try is further away than the first warning', () => {
      expect(evaluate({ activity: idleFor(59) }, pausedFor(31))).toEqual({
        status: {
          kind: 'blocked',
          conditions: ['retry-due'],
          text: expect.stringMatching(/^Not stopped, since the last 2 attempts failed/) as string,
          why: expect.stringMatching(/^the last 2 attempts failed/) as string,
        },
        warning: null,
        endedBecause: null,
      })
    })

    test('is planned for the next try, with the first warning ahead of it, once it is that near', () => {
      const { status: planned, warning } = evaluate({ activity: idleFor(59) }, pausedFor(30))
      expect(planned).toMatchObject({
        kind: 'planned',
        leftMs: 30 * MINUTE_MS,
        block: { conditions: ['retry-due'] },
      })
      expect(warning?.key.episode).toMatch(/:first$/)
    })
  })

  test('is planned with how far memory that moves has put it off', () => {
    const memoryMovedMs = 7 * MINUTE_MS
    const idle = idleFor(45)
    const doubt = {
      about: 'cpu',
      quietForMs: HOUR_MS,
      vcpuCount: 64,
      belowCpuPercent: 2,
      memoryMovedMs,
    } as const
    expect(evaluate({ activity: { ...idle, doubt } }).status).toMatchObject({ plan: { memoryMovedMs } })
    expect(evaluate({ activity: idle }).status).toMatchObject({ plan: { memoryMovedMs: 0 } })
  })

  test('is planned at maximum hours for a pod that is not selected, too', () => {
    const context = contextAt(0, { maxHours: 1, isAutoStopped: false })
    expect(evaluate({}, context, 'max-hours').status).toMatchObject({ kind: 'planned', block: null })
  })

  test('asks only a stop by quiet time whether the pod is selected', () => {
    const isEnabled = (cause: StopPlan['cause'], isAutoStopped: boolean) =>
      stopFactsOf(cause, null, policyPod(), contextAt(0, { maxHours: 1, isAutoStopped })).isCauseEnabled
    expect([isEnabled('quiet', true), isEnabled('quiet', false)]).toEqual([true, false])
    expect([isEnabled('max-hours', false), isEnabled('budget', false)]).toEqual([true, true])
  })

  test('leads to a terminate only at maximum hours, only where that was chosen, and only if Runpod offers it', () => {
    const action = (cause: StopPlan['cause'], rules: PodRules, actions = pod().actions) =>
      stopFactsOf(cause, null, policyPod({ pod: pod({ actions }) }), contextAt(0, { maxHours: 1, ...rules }))
        .action
    expect(action('max-hours', { atMaxHours: 'terminate' })).toBe('terminate')
    expect(action('quiet', { atMaxHours: 'terminate' })).toBe('stop')
    expect(action('max-hours', { atMaxHours: 'stop' })).toBe('stop')
    expect(action('max-hours', {})).toBe('stop')
    expect(action('max-hours', { atMaxHours: 'terminate' }, ['stop'])).toBe('stop')
    expect(action('budget', { atMaxHours: 'terminate', ...fourDollars })).toBe('stop')
  })
})

describe('a stop at the budget of a pod that costs $2/hr', () => {
  const dear = (spentUsd: number | null, costPerHourUsd: number | null = 2): Partial<PolicyPod> => ({
    pod: pod({ costPerHourUsd }),
    activity: busy(),
    spentUsd,
  })
  const at = (judged: Partial<PolicyPod>, rules = fourDollars, over: Parameters<typeof contextAt>[2] = {}) =>
    evaluateCause('budget', undefined, policyPod(judged), contextAt(0, rules, over))

  test('is as far ahead as its money lasts, however busy the pod is', () => {
    expect(at(dear(2)).status).toEqual({ kind: 'clear', leftMs: HOUR_MS, hold: null })
    expect(at(dear(3)).status).toMatchObject({ kind: 'planned', leftMs: 30 * MINUTE_MS })
  })

  test('is announced like any other, once it is half an hour ahead or the budget is spent', () => {
    for (const spentUsd of [3, 4, 5])
      expect(at(dear(spentUsd)).warning).toMatchObject({
        key: { kind: 'auto-stop-soon', episode: 'budget:run-1:5000:first' },
        title: 'trainer will be stopped in 30 min',
        body: expect.stringContaining('Its monthly budget (UTC) is $4.00.'),
      })
  })

  test('was due since the budget was exceeded', () => {
    const facts = stopFactsOf('budget', null, policyPod(dear(5)), contextAt(0, fourDollars))
    expect(facts.due).toMatchObject({ kind: 'known', leftMs: -30 * MINUTE_MS })
  })

  test.each<[string, Partial<PolicyPod>, PodRules]>([
    ['it is only to be told', dear(4), { monthlyBudgetUsd: 4 }],
    ['it has no budget', dear(4), { atBudget: 'stop' }],
    ['it is not certain what it cost', dear(null), fourDollars],
    ['it is not known what it costs', dear(4, null), fourDollars],
    ['it costs nothing', dear(3, 0), fourDollars],
    ['it costs nothing any more', dear(5, 0), fourDollars],
    ['its price makes no sense', dear(5, -2), fourDollars],
    ['it does not run', { ...dear(4), pod: pod({ phase: 'stopped', costPerHourUsd: 2 }) }, fourDollars],
  ])('is not planned while %s', (_, judged, rules) => {
    expect(at(judged, rules)).toMatchObject({ status: { kind: 'clear', leftMs: null }, warning: null })
  })

  test('stays blocked while a figure is missing, and not where it will stay missing', () => {
    const before = at({ ...dear(4), pod: pod({ costPerHourUsd: 2, isLocked: true }) }).status
    expect(before).toMatchObject({ kind: 'blocked', conditions: ['not-locked'] })
    const later = (judged: Partial<PolicyPod>) =>
      evaluateCause('budget', before, policyPod(judged), contextAt(1, fourDollars)).status
    expect(later(dear(null))).toEqual(before)
    const approximate = pod({ costPerHourUsd: 2, isPriceApproximate: true })
    expect(later({ ...dear(4), pod: approximate })).toEqual({
      kind: 'clear',
      leftMs: null,
      hold: {
        why: 'its price is approximate, so what it cost is not certain',
        conditions: ['still-quiet'],
        isDataMissing: true,
      },
    })
  })

  test('is not planned where the money lasts to the end of the month in UTC', () => {
    const lastHour = { ...instant(0), wallMs: Date.UTC(2026, 11, 1) - HOUR_MS }
    expect(at(dear(2), fourDollars, { now: lastHour }).status).toEqual({
      kind: 'clear',
      leftMs: null,
      hold: null,
    })
    expect(at(dear(2.5), fourDollars, { now: lastHour }).status).toEqual({
      kind: 'clear',
      leftMs: 45 * MINUTE_MS,
      hold: null,
    })
  })

  test('is planned for a pod that is not selected, too', () => {
    const { status } = at(dear(4), { ...fourDollars, isAutoStopped: false })
    expect(status).toMatchObject({ kind: 'planned', block: null })
  })
})

describe('the cost of idle time', () => {
  test('is the observed time at the pod’s present rate', () => {
    expect(idleCost(pod({ costPerHourUsd: 2 }), idleFor(90))).toBe(3)
  })

  test('is unknown for a busy pod or without a rate', () => {
    expect(idleCost(pod(), busy())).toBeNull()
    expect(idleCost(pod({ costPerHourUsd: null }), idleFor(90))).toBeNull()
  })
})
