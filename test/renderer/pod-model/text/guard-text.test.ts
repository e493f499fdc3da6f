import { describe, expect, test } from 'vitest'
import { type AutoStopView, noGuard } from '../../../../src/core/guard/guard-view'
import { HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import {
  autoStopProgress,
  autoStopRemark,
  heldRuleText,
  movedText,
  plannedStopText,
} from '../../../../src/renderer/pod-model/text/guard-text'
import { guardViewWith, NOW_MS } from '../../../harness/samples/pod-views'

const allPodsMode = { autoStop: 'all', areAutoStopsPaused: false, isDryRun: false } as const
const dueAtMs = NOW_MS + 4 * HOUR_MS

describe('the auto-stop remark of an idle pod', () => {
  const remark = (autoStop: AutoStopView, mode: Partial<Parameters<typeof autoStopRemark>[1]> = {}) =>
    autoStopRemark(guardViewWith(autoStop), { ...allPodsMode, ...mode }, NOW_MS, 'UTC')

  test('shows the time of the stop until the first warning', () => {
    expect(remark({ kind: 'watching', dueAtMs })).toBe('auto-stop at 18:05 if it stays quiet')
    expect(remark({ kind: 'watching', dueAtMs: NOW_MS + 20 * HOUR_MS })).toContain('Wed 10:05')
  })

  test('says that no stop will come while the pod is not quiet or automatic stops are paused', () => {
    expect(remark({ kind: 'watching', dueAtMs: null })).toBe('not quiet, so no auto-stop')
    expect(remark({ kind: 'watching', dueAtMs }, { areAutoStopsPaused: true })).toBe('auto-stop paused')
  })

  test('says what holds the stop instead of a time', () => {
    const held = { cause: 'quiet', why: 'it is locked' } as const
    expect(remark({ kind: 'watching', dueAtMs: null, held })).toBe('no auto-stop: it is locked')
  })

  test('says that the time moved, and why', () => {
    const moved = { fromAtMs: dueAtMs - 5 * MINUTE_MS, why: 'telemetry was missing for 5 min' }
    expect(remark({ kind: 'watching', dueAtMs, cause: 'quiet', moved })).toBe(
      'auto-stop moved to 18:05 if it stays quiet: telemetry was missing for 5 min',
    )
  })

  test('says that maximum hours come first, which do not depend on quiet', () => {
    const view = { kind: 'watching', dueAtMs, cause: 'max-hours' } as const
    expect(remark(view)).toBe('stops at 18:05, at its maximum hours')
    expect(remark(view, { isDryRun: true })).toBe('dry run: would stop at 18:05, at its maximum hours')
    const guard = { ...guardViewWith(view), rules: { atMaxHours: 'terminate' } } as const
    expect(autoStopRemark(guard, allPodsMode, NOW_MS, 'UTC')).toMatch(/^terminates at 18:05/)
  })

  test('says that a dry run would only simulate the stop', () => {
    expect(remark({ kind: 'watching', dueAtMs }, { isDryRun: true })).toBe(
      'dry run: would stop at 18:05 if it stays quiet',
    )
  })

  test('is empty when the switch or a panel shows the same, or the pod is kept on', () => {
    expect(remark({ kind: 'off' })).toBeNull()
    const planned = { kind: 'planned', cause: 'quiet', action: 'stop', atMs: dueAtMs } as const
    expect(remark(planned)).toBeNull()
    expect(
      remark({ kind: 'blocked', cause: 'quiet', conditions: ['warned'], text: 'Not stopped.' }),
    ).toBeNull()
    const keepOn = { sinceMs: NOW_MS, untilMs: null }
    expect(autoStopRemark({ ...guardViewWith({ kind: 'off' }), keepOn }, allPodsMode, NOW_MS)).toBeNull()
  })
})

describe('a rule of the pod that something holds', () => {
  const text = (cause: 'quiet' | 'max-hours' | 'budget', rules = {}) =>
    heldRuleText({
      ...guardViewWith({ kind: 'watching', dueAtMs: null, held: { cause, why: 'it is locked' } }),
      rules,
    })

  test('says that it would not stop the pod, and why', () => {
    expect(text('max-hours')).toBe('Its maximum hours would not stop it: it is locked.')
    expect(text('max-hours', { atMaxHours: 'terminate' })).toMatch(
      /^Its maximum hours would not terminate it/,
    )
    expect(text('budget')).toBe('Its budget would not stop it: it is locked.')
  })

  test('is not mentioned when only auto-stop is held, or nothing is', () => {
    expect(text('quiet')).toBeNull()
    expect(heldRuleText(guardViewWith({ kind: 'watching', dueAtMs }))).toBeNull()
    expect(heldRuleText(noGuard)).toBeNull()
  })
})

describe('a planned stop with a warning', () => {
  const planned = { kind: 'planned', cause: 'quiet', action: 'stop', atMs: NOW_MS + 4 * MINUTE_MS } as const
  const text = (overrides: Partial<Parameters<typeof plannedStopText>[0]>, isDryRun = false) =>
    plannedStopText({ ...planned, ...overrides }, isDryRun, NOW_MS, 'UTC')

  test('shows its time and the time left', () => {
    expect(text({})).toBe('Stops at 14:09 · in 4 min')
    expect(text({ atMs: NOW_MS - 1 })).toBe('Stops at 14:04 · now')
  })

  test('says that the maximum hours are over and that it terminates the pod', () => {
    expect(text({ cause: 'max-hours' })).toBe('Stops at 14:09, at its maximum hours · in 4 min')
    expect(text({ cause: 'max-hours', action: 'terminate' })).toMatch(/^Terminates at 14:09/)
  })

  test('says that the budget is spent', () => {
    expect(text({ cause: 'budget' })).toBe('Stops at 14:09, at its budget · in 4 min')
  })

  test('says from when it moved, and why', () => {
    const moved = { fromAtMs: NOW_MS - MINUTE_MS, why: 'you could only be warned later' }
    expect(movedText({ ...planned, moved }, NOW_MS, 'UTC')).toBe(
      'Moved from 14:04: you could only be warned later.',
    )
    expect(movedText(planned, NOW_MS)).toBeNull()
  })

  test('is not described as a stop in a dry run', () =>
    expect(text({}, true)).toBe('Dry run: would stop at 14:09 · in 4 min'))
})

describe('the progress toward an automatic stop', () => {
  test('is the elapsed share of the whole time', () => {
    expect(autoStopProgress(guardViewWith({ kind: 'watching', dueAtMs }), 2 * HOUR_MS, NOW_MS)).toBeCloseTo(
      1 / 3,
    )
  })

  test('is full when the stop is due and null when no stop will come', () => {
    expect(autoStopProgress(guardViewWith({ kind: 'watching', dueAtMs: NOW_MS - 1 }), 9, NOW_MS)).toBe(1)
    expect(autoStopProgress(guardViewWith({ kind: 'watching', dueAtMs: null }), 9, NOW_MS)).toBeNull()
    // Maximum hours count from the start of the pod, not from the idle time that the bar shows.
    const atMs = NOW_MS + 9
    const planned = { kind: 'planned', cause: 'max-hours', action: 'stop', atMs } as const
    expect(autoStopProgress(guardViewWith(planned), 9, NOW_MS)).toBeNull()
  })
})
