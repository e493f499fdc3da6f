import { describe, expect, test } from 'vitest'
import { type AutoStopView, noGuard } from '../../../src/core/guard/guard-view'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time'
import { autoStopProgress, autoStopRemark, plannedStopText } from '../../../src/renderer/pod-model/guard-text'
import { keepOnText } from '../../../src/renderer/pod-model/keep-on-text'
import { guardViewWith, NOW_MS } from '../../harness/pod-views'

const allPodsMode = { autoStop: 'all', areAutoStopsPaused: false, isDryRun: false } as const
const dueAtMs = NOW_MS + 4 * HOUR_MS

describe('what an idle pod says of its automatic stop', () => {
  const remark = (autoStop: AutoStopView, mode: Partial<Parameters<typeof autoStopRemark>[1]> = {}) =>
    autoStopRemark(guardViewWith(autoStop), { ...allPodsMode, ...mode }, NOW_MS, 'UTC')

  test('the hour of it, while nobody was warned', () => {
    expect(remark({ kind: 'watching', dueAtMs })).toBe('auto-stop at 18:05 if it stays quiet')
    expect(remark({ kind: 'watching', dueAtMs: NOW_MS + 20 * HOUR_MS })).toContain('Wed 10:05')
  })

  test('that none will come while it is not quiet, or all are paused', () => {
    expect(remark({ kind: 'watching', dueAtMs: null })).toBe('not quiet, so no auto-stop')
    expect(remark({ kind: 'watching', dueAtMs }, { areAutoStopsPaused: true })).toBe('auto-stop paused')
  })

  test('that a dry run only would', () => {
    expect(remark({ kind: 'watching', dueAtMs }, { isDryRun: true })).toBe(
      'dry run: would stop at 18:05 if it stays quiet',
    )
  })

  test('that it is off, where others are stopped', () => {
    const off = { ...noGuard, autoStop: { kind: 'off' } } as const
    expect(autoStopRemark(off, { ...allPodsMode, autoStop: 'ticked' }, NOW_MS)).toBe('auto-stop off')
    expect(autoStopRemark(off, { ...allPodsMode, autoStop: 'off' }, NOW_MS)).toBeNull()
    expect(autoStopRemark(off, { ...allPodsMode, autoStop: 'undecided' }, NOW_MS)).toBeNull()
  })

  test('nothing where a panel of its own says it, or it is kept on', () => {
    const planned = { kind: 'planned', cause: 'quiet', action: 'stop', atMs: dueAtMs } as const
    expect(remark(planned)).toBeNull()
    expect(
      remark({ kind: 'blocked', cause: 'quiet', conditions: ['warned'], text: 'Not stopped.' }),
    ).toBeNull()
    const keepOn = { sinceMs: NOW_MS, untilMs: null }
    expect(autoStopRemark({ ...guardViewWith({ kind: 'off' }), keepOn }, allPodsMode, NOW_MS)).toBeNull()
  })
})

describe('a stop that was warned of', () => {
  const planned = { kind: 'planned', cause: 'quiet', action: 'stop', atMs: NOW_MS + 4 * MINUTE_MS } as const
  const text = (overrides: Partial<Parameters<typeof plannedStopText>[0]>, isDryRun = false) =>
    plannedStopText({ ...planned, ...overrides }, isDryRun, NOW_MS, 'UTC')

  test('says when, and how long that is', () => {
    expect(text({})).toBe('Stops at 14:09 · in 4 min')
    expect(text({ atMs: NOW_MS - 1 })).toBe('Stops at 14:04 · now')
  })

  test('says that hours are over, and that it terminates', () => {
    expect(text({ cause: 'max-hours' })).toBe('Stops at 14:09, at its maximum hours · in 4 min')
    expect(text({ cause: 'max-hours', action: 'terminate' })).toMatch(/^Terminates at 14:09/)
  })

  test('says that a budget is spent', () => {
    expect(text({ cause: 'budget' })).toBe('Stops at 14:09, at its budget · in 4 min')
  })

  test('is no stop in a dry run', () =>
    expect(text({}, true)).toBe('Dry run: would stop at 14:09 · in 4 min'))
})

describe('how far it is on the way', () => {
  test('by the time that has passed of the whole', () => {
    expect(autoStopProgress(guardViewWith({ kind: 'watching', dueAtMs }), 2 * HOUR_MS, NOW_MS)).toBeCloseTo(
      1 / 3,
    )
  })

  test('full when it is due, and none where none will come', () => {
    expect(autoStopProgress(guardViewWith({ kind: 'watching', dueAtMs: NOW_MS - 1 }), 9, NOW_MS)).toBe(1)
    expect(autoStopProgress(guardViewWith({ kind: 'watching', dueAtMs: null }), 9, NOW_MS)).toBeNull()
    // The maximum hours count from the start, not from the idleness that the bar shows.
    const atMs = NOW_MS + 9
    const planned = { kind: 'planned', cause: 'max-hours', action: 'stop', atMs } as const
    expect(autoStopProgress(guardViewWith(planned), 9, NOW_MS)).toBeNull()
  })
})

test('a pod that is kept on says until when', () => {
  expect(keepOnText({ sinceMs: 0, untilMs: NOW_MS + HOUR_MS }, NOW_MS, 'UTC')).toBe('Kept on until 15:05')
  expect(keepOnText({ sinceMs: 0, untilMs: null }, NOW_MS)).toBe('Kept on until you say')
})
