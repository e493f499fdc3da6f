import { expect, test } from 'vitest'
import type { DataImpact } from '../../../src/core/pods/data-impact'
import {
  autoStopRuleText,
  dataLossQuestion,
  dataLossText,
  numberProblem,
  type RuleValue,
  ruleValueText,
} from '../../../src/renderer/guard/rule-text'

test('the auto-stop text names the mode of the account and whether the pod overrides it', () => {
  expect(autoStopRuleText('all', undefined, undefined)).toBe('Auto-stop is on for all pods of the account.')
  expect(autoStopRuleText('all', false, undefined)).toBe(
    'Auto-stop is on for all pods of the account. This pod isn’t selected.',
  )
  expect(autoStopRuleText('ticked', true, { kind: 'pattern', name: 'scratch' })).toContain(
    'This pod is selected, by rule “scratch”.',
  )
  for (const off of ['off', 'undecided'] as const) {
    expect(autoStopRuleText(off, undefined, undefined)).toBe(
      'Auto-stop is off for this account. Turning it on asks you once.',
    )
    expect(autoStopRuleText(off, true, undefined)).toBe(
      'Auto-stop is off for this account, although this pod is selected. Turning it on asks you once.',
    )
  }
})

test('the warning names the data that an automatic stop would delete', () => {
  const disk: DataImpact = {
    impact: 'lost',
    storage: 'container-disk',
    sizeGb: 40,
    path: null,
    stoppedCostPerDayUsd: null,
  }
  const volume: DataImpact = { ...disk, impact: 'kept', storage: 'volume', sizeGb: 100, path: '/workspace' }
  expect(dataLossText([disk])).toBe(
    'No data on this pod survives a stop. Unless you allow this, it is never stopped automatically.',
  )
  expect(dataLossText([])).toMatch(/^It isn’t known which data survives a stop/)
  expect(dataLossText([volume, disk])).toMatch(/^Not needed here/)
})

test('the question names what is lost, and that the pod is not stopped until that is allowed', () => {
  const disk: DataImpact = {
    impact: 'lost',
    storage: 'container-disk',
    sizeGb: 40,
    path: null,
    stoppedCostPerDayUsd: null,
  }
  expect(dataLossQuestion([disk], false)).toBe(
    'Nothing is kept; the container disk (40 GB) is lost. The pod isn’t stopped until you allow this.',
  )
  expect(dataLossQuestion([disk], true)).toMatch(/is lost\. You allowed this\.$/)
})

test.each([
  ['', null],
  [' 15 ', null],
  ['.5', null],
  ['0', /above 0/],
  ['-3', /above 0/],
  ['1e9', /Enter a number/],
  ['soon', /Enter a number/],
])('whether “%s” is a duration is checked', (text, problem) => {
  if (problem === null) expect(numberProblem(text)).toBeNull()
  else expect(numberProblem(text)).toMatch(problem)
})

test('a number of minutes or hours is formatted as a duration, with where it is from', () => {
  const text = (value: Partial<RuleValue>) =>
    ruleValueText({ ownValue: undefined, defaultValue: null, origin: undefined, unit: 'minutes', ...value })
  expect(text({ defaultValue: 360 })).toBe(' Account setting: 6 h.')
  expect(text({ ownValue: 90, defaultValue: 360 })).toBe(' This pod: 1 h 30 min.')
  expect(text({ ownValue: 72, unit: 'hours' })).toBe(' This pod: 3 d.')
  expect(text({ unit: 'hours' })).toBe('')
  expect(text({ defaultValue: 20, unit: 'hours', origin: { kind: 'all-pods' } })).toBe(
    ' From all pods: 20 h.',
  )
})
