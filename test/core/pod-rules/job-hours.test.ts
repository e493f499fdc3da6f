import { expect, test } from 'vitest'
import { ok } from '../../../src/core/base/result'
import { withJobHours } from '../../../src/core/pod-rules/job-hours'
import type { AccountRules, PodRules } from '../../../src/core/pod-rules/pod-rules'

function rulesWith(own: PodRules | null, hours: number): PodRules | undefined {
  const rules: AccountRules = { autoStop: 'off', pods: own === null ? {} : { p: own } }
  const store = { load: () => rules, update: () => ok(undefined) }
  return withJobHours(store, 'a', () => new Map([['p', hours]])).load('a').pods['p']
}

test('the maximum hours of a pod that a job has are the shorter ones, and never terminate where that was not chosen', () => {
  expect(rulesWith(null, 5)).toEqual({ maxHours: 5 })
  expect(rulesWith({ maxHours: 3, atMaxHours: 'terminate' }, 5)).toEqual({
    maxHours: 3,
    atMaxHours: 'terminate',
  })
  expect(rulesWith({ maxHours: 9, atMaxHours: 'terminate' }, 5)).toEqual({ maxHours: 5 })
  expect(rulesWith({ isAutoStopped: true }, 5)).toEqual({ isAutoStopped: true, maxHours: 5 })
})
