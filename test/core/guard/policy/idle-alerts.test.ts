import { describe, expect, test } from 'vitest'
import { findAlerts } from '../../../../src/core/guard/policy/idle-alerts'
import type { PolicyPod } from '../../../../src/core/guard/policy/policy-pod'
import type { Activity, PartlyIdle } from '../../../../src/core/idle/activity'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import { START_MS } from '../../../harness/base/fake-clock'
import { idleActivity, pod } from '../../../harness/samples/pods'
import { busy, contextAt, idleFor, policyPod } from '../../../harness/guard/policy-context'

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

  test('in no case while the pod is being stopped, and again if it was not', () => {
    const partlyIdle = { idleGpus: 3, gpus: 4, sinceMs: START_MS, idleForMs: HOUR_MS }
    for (const activity of [idleFor(300), busy(partlyIdle)]) {
      expect(told({ activity, hasOpenIntent: true })).toEqual([])
      expect(told({ activity, hasOpenIntent: false })).not.toEqual([])
    }
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
