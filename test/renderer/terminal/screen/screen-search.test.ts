import { expect, test } from 'vitest'
import { createScreenSearch, matchCountText } from '../../../../src/renderer/terminal/screen/screen-search'
import type { ThemeName } from '../../../../src/renderer/terminal/screen/screen-themes'
import { searchColors } from '../../../../src/renderer/terminal/screen/search-colors'

test('the text of a search shows the number of matches', () => {
  expect(matchCountText('', 'none', { count: 0, index: -1 })).toBe('')
  expect(matchCountText('x', 'none', { count: 0, index: -1 })).toBe('none')
  expect(matchCountText('x[', 'problem', { count: 3, index: 0 })).toBe('invalid pattern')
  expect(matchCountText('x', 'found', { count: 14, index: 1 })).toBe('2 of 14')
  expect(matchCountText('x', 'found', { count: 1_000, index: -1 })).toBe('1,000 or more')
})

test('matches have the colors of the theme that the terminal has at that moment', () => {
  const used: unknown[] = []
  const highlighted: boolean[] = []
  let theme: ThemeName = 'dark'
  const find: Parameters<typeof createScreenSearch>[0]['findNext'] = (_text, options) => {
    used.push([options?.decorations?.activeMatchBackground, options?.decorations?.matchBackground])
    return true
  }
  const search = createScreenSearch(
    {
      findNext: find,
      findPrevious: find,
      clearDecorations: () => {},
      onDidChangeResults: () => ({ dispose: () => {} }),
    },
    () => theme,
    (isHighlighted) => highlighted.push(isHighlighted),
  )
  const query = { text: 'x', isCaseSensitive: false, isRegex: false }
  search.find(query, 1)
  theme = 'light'
  search.find(query, -1)
  expect(used).toEqual(
    (['dark', 'light'] as const).map((name) => [searchColors[name].currentMatch, searchColors[name].match]),
  )
  expect(highlighted).toEqual([true, true])
  search.find({ ...query, text: '' }, 0)
  search.find({ ...query, text: 'x[', isRegex: true }, 0)
  search.clear()
  expect(highlighted).toEqual([true, true, false, false, false])
})
