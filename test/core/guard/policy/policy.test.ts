import { describe, expect, test } from 'vitest'
import type { Activity, PartlyIdle } from '../../../../src/core/idle/activity'
import { type PodRules, podRulesOf } from '../../../../src/core/pod-rules/pod-rules'
import type { StopPlan } from '../../../../src/core/guard/policy/stop-plan'
import {
  activeKeepOn,
  evaluateCause,
  isAutoStopEnabled,
  type PolicyContext,
  stopFactsOf,
} from '../../../../src/core/guard/policy/policy'
import type { StopStatus } from '../../../../src/core/guard/policy/stop-status'
import { findAlerts } from '../../../../src/core/guard/policy/idle-alerts'
import type { PolicyPod } from '../../../../src/core/guard/policy/policy-pod'
import { idleCost } from '../../../../src/core/money/burn-rate'
import { policyRulesOf } from '../../../../src/core/guard/policy/policy-settings'
import { defaultSettings, type Settings } from '../../../../src/core/settings/settings'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import { START_MS } from '../../../harness/clock'
import { ticked } from '../../../harness/guard'
import { idleActivity, instant, pod } from '../../../harness/pods'

const busy = (partlyIdle: PartlyIdle | null = null): Activity => ({ kind: 'busy', by: 'gpu', partlyIdle })
const idleFor = (min: number) => idleActivity({ idleForMs: min * MINUTE_MS, quietForMs: min * MINUTE_MS })

const policyPod = (over: Partial<PolicyPod> = {}): PolicyPod => ({
  pod: pod(),
  activity: idleActivity(),
  insideVerdict: null,
  uptimeMs: HOUR_MS,
  spentUsd: null,
  hasOpenIntent: false,
  ...over,
})

/**
 * The context at minute `min`: alerts after a quarter of an hour, stops after one hour, with warnings 30 and
 * 5 minutes before.
 */
function contextAt(
  min: number,
  rules: PodRules = {},
  { settings = {}, ...over }: Partial<PolicyContext> & { settings?: Partial<Settings> } = {},
): PolicyContext {
  return {
    accountId: 'account-1',
    accountRules: ticked(rules),
    rules: policyRulesOf({ ...defaultSettings, autoStopAfterMin: 60, ...settings }),
    findRetry: () => null,
    stopsLastHour: 0,
    deliveries: { deliveredAtMs: () => null },
    waitingJobNames: () => [],
    now: instant(min * MINUTE_MS),
    ...over,
  }
}

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
    expect(activeKeepOn({ keepOn }, instant(HOUR_MS - 1))).toEqual(keepOn)
    expect(activeKeepOn({ keepOn }, instant(HOUR_MS))).toBeNull()
    expect(activeKeepOn({}, instant(0))).toBeNull()
  })
})

describe('the owner is alerted', () => {
  const told = (judged: Partial<PolicyPod>, context = contextAt(0)): string[] =>
    findAlerts(policyPod(judged), context).map(({ key }) => `${key.kind} ${key.episode}`)
  const { sinceMs } = idleActivity()

  test('when a pod was idle for the set time, and not earlier', () => {
    expect(told({ activity: idleActivity({ idleForMs: 15 * MINUTE_MS - 1 }) })).toEqual([])
    expect(told({ activity: idleFor(15) })).toEqual([`idle ${sinceMs}`])
  })

  test('at the pod’s own time, where it has one', () => {
    expect(told({ activity: idleFor(19) }, contextAt(0, { idleAlertAfterMin: 20 }))).toEqual([])
    expect(told({ activity: idleFor(20) }, contextAt(0, { idleAlertAfterMin: 20 }))).toHaveLength(1)
  })

  test('again for the latest reminder that is due, and not before the first alert', () => {
    expect(told({ activity: idleFor(59) })).toEqual([`idle ${sinceMs}`])
    expect(told({ activity: idleFor(60) })).toContain(`idle-reminder ${sinceMs}:${HOUR_MS}`)
    expect(told({ activity: idleFor(300) })).toEqual([
      `idle ${sinceMs}`,
      `idle-reminder ${sinceMs}:${4 * HOUR_MS}`,
    ])
    expect(told({ activity: idleFor(60) }, contextAt(0, { idleAlertAfterMin: 60 }))).toEqual([
      `idle ${sinceMs}`,
    ])
  })

  test('when GPUs were idle for that time while others are busy', () => {
    const some = (min: number): PartlyIdle => ({
      idleGpus: 3,
      gpus: 4,
      sinceMs: START_MS,
      idleForMs: min * MINUTE_MS,
    })
    expect(told({ activity: busy() })).toEqual([])
    expect(told({ activity: busy(some(14)) })).toEqual([])
    expect(told({ activity: busy(some(15)) })).toEqual([`partly-idle ${START_MS}:3`])
  })

  test('in no case while the activity is unknown or the pod is not running', () => {
    const activity: Activity = { kind: 'unknown', reason: 'no-telemetry', sinceMs: null }
    expect(told({ activity })).toEqual([])
    expect(told({ pod: pod({ phase: 'stopped' }) })).toEqual([])
  })

  test('once a day while a pod is kept running until canceled, and of nothing else', () => {
    const keepOn = { sinceMs: START_MS, untilMs: null }
    const atMs = (ms: number) => contextAt(ms / MINUTE_MS, { keepOn })
    expect(told({}, atMs(DAY_MS - 1))).toEqual([])
    expect(told({}, atMs(DAY_MS))).toEqual([`kept-on ${START_MS}:1`])
    expect(told({}, atMs(3 * DAY_MS - 1))).toEqual([`kept-on ${START_MS}:2`])
  })

  test('in no case while a pod is kept running for a limited time', () => {
    const keepOn = { sinceMs: START_MS, untilMs: START_MS + 9 * DAY_MS }
    expect(told({}, contextAt((2 * DAY_MS) / MINUTE_MS, { keepOn }))).toEqual([])
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
    const { status } = evaluate({ uptimeMs: null }, contextAt(0, { maxHours: 1 }), 'max-hours')
    const hold = { why: 'Runpod does not say when it started', isDataMissing: true }
    expect(status).toEqual({ kind: 'clear', leftMs: null, hold })
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
    expect(status).toEqual({ kind: 'clear', leftMs: 59 * MINUTE_MS, hold })
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
      isDataMissing: true,
    })
    expect(holdOf({ isLocked: null, clusterId: 'c' })).toEqual({
      why: 'Runpod does not say whether it is locked; it belongs to a cluster',
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
    })
    expect(warning).toBeNull()
  })

  test('is planned at maximum hours for a pod that is not selected, too', () => {
    const context = contextAt(0, { maxHours: 1, isAutoStopped: false })
    expect(evaluate({}, context, 'max-hours').status).toMatchObject({ kind: 'planned', block: null })
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

describe('a planned stop', () => {
  /**
   * Evaluates every minute from the first to the last of `minutes` for a pod that has been quiet for half an hour
   * plus the minute. Returns the last result, and the titles at `minutes`. `isHeard` tells whether the warning of
   * an episode was delivered.
   */
  function after(
    minutes: readonly number[],
    isHeard: (episode: string, min: number) => boolean,
    options: { settings?: Partial<Settings>; judged?: Partial<PolicyPod>; before?: StopStatus } = {},
  ) {
    let result: ReturnType<typeof evaluateCause> | undefined
    const titles: (string | undefined)[] = []
    for (let min = minutes[0] ?? 0; min <= (minutes.at(-1) ?? 0); min++) {
      const before: StopStatus | undefined = result?.status ?? options.before
      const deliveries = {
        deliveredAtMs: ({ episode }: { episode: string }) => (isHeard(episode, min) ? 1 : null),
      }
      const context = contextAt(min, {}, { deliveries, settings: options.settings ?? {} })
      result = evaluateCause(
        'quiet',
        before,
        policyPod({ activity: idleFor(30 + min), ...options.judged }),
        context,
      )
      if (minutes.includes(min)) titles.push(result.warning?.title)
    }
    return { ...result!, titles }
  }
  const always = () => true
  const never = () => false

  test('repeats each warning until it is delivered, and happens once both were delivered early enough', () => {
    const { status, titles } = after([0, 1, 20, 26, 27, 31, 32], always)
    expect(titles).toEqual([
      'trainer will be stopped in 30 min',
      undefined,
      undefined,
      'trainer will be stopped in 5 min',
      undefined,
      undefined,
      undefined,
    ])
    expect(status).toMatchObject({ kind: 'planned', leftMs: 0, block: null })
    expect(after([0, 31], always).status).toMatchObject({ leftMs: MINUTE_MS })
  })

  test('is postponed by a late delivery of its first warning', () => {
    const { status } = after([0, 10], (episode, min) => min >= 10 && episode.endsWith('first'))
    expect(status).toMatchObject({ leftMs: 30 * MINUTE_MS })
  })

  test('knows that its warning was delivered while missing data holds it', () => {
    const before = after([0], never).status
    const judged = {
      activity: { kind: 'unknown', reason: 'no-telemetry', sinceMs: 0, paused: idleFor(30) },
    } as const
    const deliveries = { deliveredAtMs: () => 1 }
    const { status } = evaluateCause('quiet', before, policyPod(judged), contextAt(1, {}, { deliveries }))
    expect(status).toMatchObject({ kind: 'planned', plan: { first: { deliveredAt: instant(MINUTE_MS) } } })
    expect(status.kind === 'planned' && status.block).not.toBeNull()
  })

  test('is held by missing data alone, and ends once anything observed speaks against it', () => {
    const before = after([0, 1], always).status
    const now = (over: Partial<PolicyPod['pod']>) =>
      evaluateCause('quiet', before, policyPod({ activity: idleFor(32), pod: pod(over) }), contextAt(2))
    expect(now({ isLocked: null })).toMatchObject({
      status: { kind: 'planned', block: { conditions: ['not-locked'] } },
      endedBecause: null,
    })
    const text = 'Not stopped, since Runpod does not say whether it is locked; it belongs to a cluster.'
    expect(now({ isLocked: null, clusterId: 'c' })).toEqual({
      status: { kind: 'blocked', conditions: ['not-locked', 'not-in-cluster'], text },
      warning: null,
      endedBecause: text,
    })
  })

  test('is held with an explanation while its warning cannot be delivered', () => {
    const { status, titles } = after([0, 4, 5], never)
    expect(titles.at(-1)).toBe('trainer will be stopped in 30 min')
    expect(after([0, 4], never).status).toMatchObject({ block: null })
    expect(status).toMatchObject({
      kind: 'planned',
      block: { conditions: ['warned'], text: 'Not stopped, since no warning could be shown to you.' },
    })
  })

  test('is not held by that where undelivered stops are allowed', () => {
    const settings = { mayStopUnheard: true }
    expect(after([0, 25, 31], never, { settings }).status).toMatchObject({ leftMs: 0, block: null })
  })

  test('remembers what the last read blocked while it is due, and no longer', () => {
    const due = after([0, 1, 26, 27, 32], always).status
    const held = { conditions: [], text: 'Not stopped, since the disk is full.' }
    const before = { ...due, block: held } as StopStatus
    expect(after([33], always, { before }).status).toMatchObject({ leftMs: 0, block: held })
    const activity = idleFor(59)
    expect(after([33], always, { before, judged: { activity } }).status).toMatchObject({
      leftMs: MINUTE_MS,
      block: null,
    })
  })

  test('is planned again with its first warning once the pod was restarted', () => {
    const { status: before } = after([0, 1, 26, 27], always)
    const judged = { pod: pod({ startedAtMs: START_MS }) }
    const { status, warning } = after([28], never, { before, judged })
    expect(status).toMatchObject({ plan: { podStartedAtMs: START_MS, first: { deliveredAt: null } } })
    expect(warning?.key.episode).toMatch(/:first$/)
  })

  test('stays a dry run, even if dry runs are switched off meanwhile', () => {
    const { status } = after([0, 1], always, { settings: { isAutoStopDryRun: true } })
    const { plan } = status as Extract<StopStatus, { kind: 'planned' }>
    expect(plan.isDryRun).toBe(true)
    expect(stopFactsOf('quiet', plan, policyPod(), contextAt(2)).isDryRun).toBe(true)
    expect(stopFactsOf('quiet', null, policyPod(), contextAt(2)).isDryRun).toBe(false)
  })

  test('is checked against the state when it was planned, and against a fresh read only where there was one', () => {
    const { status } = after([0, 1], always)
    const { plan } = status as Extract<StopStatus, { kind: 'planned' }>
    const terminating = { ...plan, action: 'terminate' as const }
    expect(stopFactsOf('quiet', terminating, policyPod(), contextAt(2))).toMatchObject({
      action: 'terminate',
      plannedStartedAtMs: pod().startedAtMs,
      isFresh: false,
    })
    expect(stopFactsOf('quiet', null, policyPod(), contextAt(2))).toMatchObject({
      plannedStartedAtMs: null,
      warningsLeftMs: 30 * MINUTE_MS,
      isWarningUndelivered: false,
    })
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
