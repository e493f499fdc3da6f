import { describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { type GuardPlan, guardPlanOf, guardSteps } from '../../../src/core/pod-guard/guard-plan'
import type { GuardComputer } from '../../../src/core/pod-guard/guard-computers'
import type { GuardReport } from '../../../src/core/pod-guard/guard-report'
import { GUARD_VERSION } from '../../../src/core/pod-guard/guard-script'
import type { PodRules } from '../../../src/core/pod-rules/pod-rules'
import type { Pod } from '../../../src/core/pods/pod'
import { guardReport, guardStatus, laptop, server, setBy } from '../../harness/guard/guard-report'
import { pod } from '../../harness/samples/pods'

const planOf = (rules: PodRules, more: Partial<Pod> = {}, uptimeMs: number | null = HOUR_MS) =>
  guardPlanOf({
    pod: pod({ persistentMount: { sizeGb: 1, path: '/data' }, gpu: { name: 'A40', count: 2 }, ...more }),
    rules,
    autoStopAfterMin: 360,
    busyAtPercent: 5,
    areStopsPaused: false,
    uptimeMs,
    nowMs: 1_000_000,
  })

const plan = (rules: PodRules) => {
  const made = planOf(rules)
  if (!made.ok) throw new Error(made.error)
  return made.value
}

const settings = '21600 0 2 5 yes /data/.podkeeper/jobs'

describe('the plan of a guard', () => {
  it('has the idle time of the pod, its GPUs and whether it may stop it', () => {
    expect(plan({ podGuard: 'stop' })).toEqual({
      settings,
      deadlineS: 0,
      latestDeadlineS: 0,
      keepS: 0,
      isPostStarted: false,
    })
    expect(plan({ podGuard: 'report', autoStopAfterMin: 90 }).settings).toMatch(/^5400 0 2 5 no /)
    expect(plan({}).settings).toContain(' no ')
  })

  it('counts maximum hours from its own start where the image starts it, until it gets the deadline', () => {
    const rules: PodRules = { podGuard: 'stop', maxHours: 3, isGuardPostStarted: true }
    expect(plan(rules)).toMatchObject({
      settings: '21600 10800 2 5 yes /data/.podkeeper/jobs',
      isPostStarted: true,
    })
    expect(plan({ podGuard: 'stop', maxHours: 3 }).settings).toBe(settings)
  })

  it('has no idle time that would be shorter than its warnings', () => {
    expect(plan({ podGuard: 'stop', autoStopAfterMin: 1 }).settings).toMatch(/^3600 /)
  })

  it('counts maximum hours from the start of the pod, where that is known', () => {
    expect(plan({ maxHours: 3 })).toMatchObject({ deadlineS: 2 * 3_600, latestDeadlineS: 3 * 3_600 })
    expect(plan({ maxHours: 0.5 }).deadlineS).toBe(1)
    expect(planOf({ maxHours: 3 }, {}, null)).toMatchObject({ value: { deadlineS: null } })
  })

  it('keeps the pod running for as long as the person does', () => {
    expect(plan({ keepOn: { sinceMs: 0, untilMs: 1_000_000 + 30 * MINUTE_MS } }).keepS).toBe(1_800)
    expect(plan({ keepOn: { sinceMs: 0, untilMs: null } }).keepS).toBeGreaterThan(300_000_000)
    expect(plan({ keepOn: { sinceMs: 0, untilMs: 5 } }).keepS).toBe(0)
  })

  it('is none while the number of GPUs is unknown', () => {
    expect(planOf({ podGuard: 'stop' }, { gpu: null, cpu: null })).toMatchObject({ ok: false })
    expect(planOf({ podGuard: 'stop' }, { gpu: null, cpu: { name: null } })).toMatchObject({
      value: { settings: expect.stringMatching(/^21600 0 0 5 yes/) },
    })
  })
})

describe('the steps to a guard as planned', () => {
  const planned: GuardPlan = {
    settings,
    deadlineS: 0,
    latestDeadlineS: 0,
    keepS: 0,
    isPostStarted: false,
  }
  const steps = (report: GuardReport | 'absent', more: Partial<GuardPlan> = {}) =>
    guardSteps(report, { ...planned, ...more }, GUARD_VERSION, laptop.id)
  const ownReport = (own: Partial<GuardComputer>, more: Partial<GuardReport> = {}) =>
    guardReport({ settings, computers: [setBy(laptop, own)], ...more })

  it('are none where it runs as planned', () => {
    expect(steps(guardReport({ settings }))).toEqual([])
    expect(steps(guardReport({ settings, status: null }))).toEqual([])
    expect(steps(ownReport({ deadlineS: 1_010 + 7_200 }), { deadlineS: 7_150 })).toEqual([])
  })

  it.each([
    ['absent', 'absent' as const],
    ['dead', guardReport({ settings, isAlive: false })],
    ['one with other settings', guardReport({ settings: `${settings}x` })],
    ['an older one', guardReport({ settings, status: guardStatus({ version: 0 }) })],
  ])('install it where it is %s', (_, report) => {
    expect(steps(report, { deadlineS: 60 })).toEqual([{ kind: 'install', deadlineS: 60, keepS: 0 }])
  })

  it('rewrite a deadline and what is kept running', () => {
    const report = guardReport({ settings })
    expect(steps(report, { deadlineS: 7_200, keepS: 3_600 })).toEqual([
      { kind: 'change', change: 'deadline', seconds: 7_200 },
      { kind: 'change', change: 'keep', seconds: 3_600 },
    ])
    expect(steps(ownReport({ deadlineS: 900 }))).toEqual([{ kind: 'change', change: 'deadline', seconds: 0 }])
    expect(steps(ownReport({ keptUntilS: 1_010 + 3_600 }))).toEqual([
      { kind: 'change', change: 'keep', seconds: 0 },
    ])
  })

  it('count a new deadline from now while the pod’s uptime is unknown, and leave one that is there', () => {
    const unknown = { deadlineS: null, latestDeadlineS: 7_200 }
    expect(steps('absent', unknown)).toEqual([{ kind: 'install', deadlineS: 7_200, keepS: 0 }])
    expect(steps(guardReport({ settings }), unknown)).toEqual([
      { kind: 'change', change: 'deadline', seconds: 7_200 },
    ])
    const known = { deadlineS: 1_010 + 900 }
    expect(steps(ownReport(known), unknown)).toEqual([])
    expect(steps(ownReport(known, { settings: '' }), unknown)).toEqual([
      { kind: 'install', deadlineS: 900, keepS: 0 },
    ])
  })

  it('are none while it is kept running for good, from here and in the pod', () => {
    const forever = 3_650 * 24 * 3_600
    expect(steps(ownReport({ keptUntilS: forever - 5_000 }), { keepS: forever })).toEqual([])
  })

  it('leave all that other computers and a person in the pod set, for as long as that is there', () => {
    const others = [
      setBy(server, { deadlineS: 1_010 + 900, keptUntilS: 1_010 + 3_600, leaseUntilS: 1_500 }),
      setBy({ id: 'pod', name: '' }, { idleLimitS: null, keptUntilS: 1_010 + 9_000 }),
    ]
    const status = guardStatus({ deadlineS: 1_010 + 900, keptUntilS: 1_010 + 9_000 })
    const report = guardReport({ settings, status, computers: others })
    expect(steps(report)).toEqual([])
    expect(steps(report, { deadlineS: 0, keepS: 600 })).toEqual([
      { kind: 'change', change: 'keep', seconds: 600 },
    ])
    expect(steps({ ...report, isAlive: false })).toEqual([{ kind: 'install', deadlineS: 0, keepS: 0 }])
  })

  it('never replace a newer guard, and give it what this computer sets', () => {
    const newer = guardStatus({ version: GUARD_VERSION + 1 })
    expect(steps(guardReport({ settings, status: newer }))).toEqual([])
    expect(steps(guardReport({ settings, status: newer }), { deadlineS: 60 })).toEqual([
      { kind: 'change', change: 'deadline', seconds: 60 },
    ])
    // The script that installs finds out that it is newer.
    expect(steps(guardReport({ settings: null, status: newer }))).toEqual([
      { kind: 'install', deadlineS: 0, keepS: 0 },
    ])
  })

  it('has the image start it only where that is wanted and can be done', () => {
    const on = { kind: 'change', change: 'post-start', seconds: 1 }
    const off = { ...on, seconds: 0 }
    const same = (postStart: GuardReport['postStart'], isOwn = false, isOthers = false) =>
      guardReport({
        settings,
        postStart,
        computers: [setBy(laptop, { isPostStarted: isOwn }), setBy(server, { isPostStarted: isOthers })],
      })
    expect(steps(same('no'), { isPostStarted: true })).toEqual([on])
    expect(steps(same('yes'))).toEqual([off])
    for (const postStart of ['none', 'left', null] as const)
      for (const isPostStarted of [true, false]) expect(steps(same(postStart), { isPostStarted })).toEqual([])
    expect(steps(same('yes', true), { isPostStarted: true })).toEqual([])
    expect(steps(same('yes', false, true), { isPostStarted: true })).toEqual([on])
    expect(steps(same('yes', false, true))).toEqual([])
    expect(steps(same('yes', true, true))).toEqual([off])
    expect(steps(same('no'))).toEqual([])
    // After a start of the pod its container disk is new.
    expect(steps('absent', { isPostStarted: true })).toEqual([
      { kind: 'install', deadlineS: 0, keepS: 0 },
      on,
    ])
  })
})
