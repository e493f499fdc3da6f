import { expect, test } from 'vitest'
import type { DataImpact } from '../../../src/core/pods/data-impact'
import {
  autoStopRuleText,
  dataLossText,
  numberProblem,
  ruleDurationText,
} from '../../../src/renderer/guard/rule-text'

test('a tick says what the account says, and whether this pod says otherwise', () => {
  expect(autoStopRuleText('all', undefined)).toBe('The account says: all pods.')
  expect(autoStopRuleText('all', false)).toBe('The account says: all pods. This one is not to be.')
  expect(autoStopRuleText('ticked', true)).toContain('This one is ticked.')
  expect(autoStopRuleText('undecided', undefined)).toContain('no pod is stopped')
})

test('what an automatic stop would lose is named', () => {
  const disk: DataImpact = {
    impact: 'lost',
    storage: 'container-disk',
    sizeGb: 40,
    path: null,
    stoppedCostPerDayUsd: null,
  }
  const volume: DataImpact = { ...disk, impact: 'kept', storage: 'volume', sizeGb: 100, path: '/workspace' }
  expect(dataLossText([disk])).toBe(
    'Nothing of it survives a stop. Without this it is never stopped automatically.',
  )
  expect(dataLossText([])).toMatch(/^What of it survives a stop is not known/)
  expect(dataLossText([volume, disk])).toMatch(/^Not needed here/)
})

test.each([
  ['', null],
  [' 15 ', null],
  ['.5', null],
  ['0', /more than 0/],
  ['-3', /more than 0/],
  ['1e9', /not a number/],
  ['soon', /not a number/],
])('the span “%s”', (text, problem) => {
  if (problem === null) expect(numberProblem(text)).toBeNull()
  else expect(numberProblem(text)).toMatch(problem)
})

test('a number of minutes or hours is said as a span', () => {
  expect(ruleDurationText(undefined, 360, 'minutes')).toBe(' As the account says: 6 h 00 m.')
  expect(ruleDurationText(90, 360, 'minutes')).toBe(' For this pod: 1 h 30 m.')
  expect(ruleDurationText(72, null, 'hours')).toBe(' For this pod: 3 d 0 h.')
  expect(ruleDurationText(undefined, null, 'hours')).toBe('')
})
