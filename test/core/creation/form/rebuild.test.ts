import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import { noFormRules, rebuildRules, replacementPlan } from '../../../../src/core/creation/form/rebuild'
import { createKeepOn } from '../../../../src/core/pod-rules/keep-on'
import { keepOnChoices } from '../../../../src/core/pod-rules/pod-rules'
import { createPlan } from '../../../harness/monitor/create-world'

const NOW_MS = Date.parse('2026-11-27T14:00:00Z')
const utc = (): number => 0
const kept = (untilMs: number | null) => ({ rules: {}, keepOn: { sinceMs: NOW_MS - HOUR_MS, untilMs } })
const keepOnOf = (untilMs: number | null) => rebuildRules(kept(untilMs), NOW_MS, utc).keepOn

test('the rules of a pod that is rebuilt are filled in, without a permission to lose data', () => {
  expect(
    rebuildRules(
      {
        rules: {
          isAutoStopped: true,
          maxHours: 12,
          monthlyBudgetUsd: 40,
          atBudget: 'stop',
          mayLoseData: true,
          isLowCpuIdle: true,
          atMaxHours: 'terminate',
        },
        keepOn: null,
      },
      NOW_MS,
      utc,
    ),
  ).toEqual({
    isAutoStopped: true,
    maxHours: '12',
    monthlyBudgetUsd: '40',
    isStoppedAtBudget: true,
    keepOn: null,
  })
  expect(rebuildRules({ rules: {}, keepOn: null }, NOW_MS, utc)).toEqual(noFormRules)
  expect(rebuildRules({ rules: { atBudget: 'stop' }, keepOn: null }, NOW_MS, utc)).toEqual(noFormRules)
})

test('a pod that is kept running gets the choice that ends soonest without ending before', () => {
  expect(keepOnOf(null)).toBe('until-told')
  expect(keepOnOf(NOW_MS + 20 * MINUTE_MS)).toBe('1-hour')
  expect(keepOnOf(NOW_MS + 2 * HOUR_MS)).toBe('4-hours')
  expect(keepOnOf(NOW_MS + 19 * HOUR_MS)).toBe('morning')
  expect(keepOnOf(NOW_MS + 20 * HOUR_MS)).toBe('until-told')
})

test('whenever a pod is rebuilt, the new one is kept running as long at least, and no choice would fit better', () => {
  fc.assert(
    fc.property(
      fc.option(fc.integer({ min: 1, max: 30 * HOUR_MS })),
      fc.integer({ min: 0, max: 24 * HOUR_MS }),
      (leftMs, atMs) => {
        const nowMs = NOW_MS + atMs
        const untilMs = leftMs === null ? null : nowMs + leftMs
        const endOf = (choice: (typeof keepOnChoices)[number]) =>
          createKeepOn(choice, nowMs, utc).untilMs ?? Infinity
        const { keepOn } = rebuildRules(kept(untilMs), nowMs, utc)
        const end = keepOn === null ? 0 : endOf(keepOn)
        const better = keepOnChoices.filter(
          (choice) => endOf(choice) >= (untilMs ?? Infinity) && endOf(choice) < end,
        )
        expect([end >= (untilMs ?? Infinity), better]).toEqual([true, []])
      },
    ),
  )
})

test('what the form has no field for follows with the rest, and nothing follows where that was switched off', () => {
  const rules = {
    idleAlertAfterMin: 30,
    autoStopAfterMin: 120,
    isAutoStopped: false,
    mayLoseData: true,
  } as const
  const plan = createPlan(['H100 SXM'])
  expect(replacementPlan(plan, 'old', { rules, tabNames: ['train', null] })).toEqual({
    ...plan,
    replacesPodId: 'old',
    rules: { maxHours: 8, idleAlertAfterMin: 30, autoStopAfterMin: 120, isAutoStopped: false },
    terminalTabs: ['train', null],
  })
  expect(replacementPlan(plan, 'old', null)).toEqual({ ...plan, replacesPodId: 'old' })
  // Who selects it in the form has changed that.
  const selected = createPlan(['H100 SXM'], { rules: { isAutoStopped: true } })
  expect(replacementPlan(selected, 'old', { rules, tabNames: [] }).rules.isAutoStopped).toBe(true)
})
