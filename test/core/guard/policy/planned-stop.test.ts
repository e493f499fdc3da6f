import { describe, expect, test } from 'vitest'
import { evaluateCause, stopFactsOf } from '../../../../src/core/guard/policy/policy'
import type { PodRules } from '../../../../src/core/pod-rules/pod-rules'
import type { PolicyPod } from '../../../../src/core/guard/policy/policy-pod'
import type { StopStatus } from '../../../../src/core/guard/policy/stop-status'
import type { Settings } from '../../../../src/core/settings/settings'
import { MINUTE_MS } from '../../../../src/core/base/time/time'
import { START_MS } from '../../../harness/base/fake-clock'
import { instant, pod } from '../../../harness/samples/pods'
import { contextAt, idleFor, policyPod } from '../../../harness/guard/policy-context'

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
    const why = 'Runpod does not say whether it is locked; it belongs to a cluster'
    const text = `Not stopped, since ${why}.`
    expect(now({ isLocked: null, clusterId: 'c' })).toEqual({
      status: { kind: 'blocked', conditions: ['not-locked', 'not-in-cluster'], text, why },
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
    const held = { conditions: [], text: 'Not stopped, since the disk is full.', why: 'the disk is full' }
    const before = { ...due, block: held } as StopStatus
    expect(after([33], always, { before }).status).toMatchObject({ leftMs: 0, block: held })
    const activity = idleFor(59)
    expect(after([33], always, { before, judged: { activity } }).status).toMatchObject({
      leftMs: MINUTE_MS,
      block: null,
    })
  })

  test('ends when it could not be observed for a while, and not while it goes on', () => {
    expect(after([0], always).endedBecause).toBeNull()
    const { status: before, endedBecause } = after([0, 1], always)
    expect(endedBecause).toBeNull()
    expect(after([90], always, { before })).toMatchObject({
      status: { kind: 'planned', plan: { createdAt: instant(90 * MINUTE_MS) } },
      endedBecause: 'it could not be observed for a while',
    })
  })

  test.each<[string, PodRules, string]>([
    ['it is no longer selected', { isAutoStopped: false }, 'it is no longer selected'],
    ['its owner keeps it running', { keepOn: { sinceMs: START_MS, untilMs: null } }, 'you keep it running'],
  ])('ends once %s', (_, rules, why) => {
    const { status: before } = after([0, 1], always)
    const now = policyPod({ activity: idleFor(32) })
    expect(evaluateCause('quiet', before, now, contextAt(2, rules))).toMatchObject({
      status: { kind: 'clear' },
      endedBecause: why,
    })
  })

  test('is planned again with its first warning once the pod was restarted', () => {
    const { status: before } = after([0, 1, 26, 27], always)
    const judged = { pod: pod({ startedAtMs: START_MS }) }
    const { status, warning, endedBecause } = after([28], never, { before, judged })
    expect(endedBecause).toBe('its time changed')
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
