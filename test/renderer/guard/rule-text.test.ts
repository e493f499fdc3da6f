import { expect, test } from 'vitest'
import type { DataFate } from '../../../src/core/pods/data-impact'
import { autoStopTickWords, lossWords, numberProblem, spanWords } from '../../../src/renderer/guard/rule-text'

test('a tick says what the account says, and whether this pod says otherwise', () => {
  expect(autoStopTickWords('all', undefined)).toBe('The account says: all pods.')
  expect(autoStopTickWords('all', false)).toBe('The account says: all pods. This one is not to be.')
  expect(autoStopTickWords('ticked', true)).toContain('This one is ticked.')
  expect(autoStopTickWords('undecided', undefined)).toContain('no pod is stopped')
})

test('what an automatic stop would lose is named', () => {
  const disk: DataFate = {
    fate: 'lost',
    what: 'container-disk',
    sizeGb: 40,
    path: null,
    stoppedCostPerDayUsd: null,
  }
  const volume: DataFate = { ...disk, fate: 'kept', what: 'volume', sizeGb: 100, path: '/workspace' }
  expect(lossWords([disk])).toBe(
    'Nothing of it survives a stop. Without this it is never stopped automatically.',
  )
  expect(lossWords([])).toMatch(/^What of it survives a stop is not known/)
  expect(lossWords([volume, disk])).toMatch(/^Not needed here/)
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
  expect(spanWords(undefined, 360, 'minutes')).toBe(' As the account says: 6 h 00 m.')
  expect(spanWords(90, 360, 'minutes')).toBe(' For this pod: 1 h 30 m.')
  expect(spanWords(72, null, 'hours')).toBe(' For this pod: 3 d 0 h.')
  expect(spanWords(undefined, null, 'hours')).toBe('')
})
