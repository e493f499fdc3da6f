import { expect, test } from 'vitest'
import { matchCountText } from '../../../../src/renderer/terminal/screen/screen-search'

test('the text of a search shows the number of matches', () => {
  expect(matchCountText('', 'none', { count: 0, index: -1 })).toBe('')
  expect(matchCountText('x', 'none', { count: 0, index: -1 })).toBe('none')
  expect(matchCountText('x[', 'problem', { count: 3, index: 0 })).toBe('not a pattern')
  expect(matchCountText('x', 'found', { count: 14, index: 1 })).toBe('2 of 14')
  expect(matchCountText('x', 'found', { count: 1_000, index: -1 })).toBe('1,000 or more')
})
