import { describe, expect, test } from 'vitest'
import { screenThemes } from '../../../../src/renderer/terminal/screen/screen-themes'
import { searchColors } from '../../../../src/renderer/terminal/screen/search-colors'
import { contrast, distance } from '../../../harness/base/color-contrast'

describe('the colors', () => {
  const names = ['foreground', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan'] as const
  const bright = [
    'brightBlack',
    'brightRed',
    'brightGreen',
    'brightYellow',
    'brightBlue',
    'brightMagenta',
    'brightCyan',
  ] as const
  const themeSpecific = { dark: ['white', 'brightWhite'], light: ['black'] } as const

  test.each(['dark', 'light'] as const)('of the %s theme have enough contrast on its background', (name) => {
    const theme = screenThemes[name]
    const lowContrast = [...names, ...bright, ...themeSpecific[name]].filter(
      (colour) => contrast(theme[colour] ?? '#000000', theme.background) < 4.5,
    )
    expect(lowContrast).toEqual([])
  })
})

test.each(['dark', 'light'] as const)(
  'the current match of a search stands out against the others in the %s theme, and both can be read',
  (name) => {
    const { background, foreground = '' } = screenThemes[name]
    const { match, currentMatch, currentBorder } = searchColors[name]
    for (const color of [match, currentMatch]) expect(contrast(foreground, color)).toBeGreaterThan(4.5)
    expect(distance(match, background)).toBeGreaterThan(0.05)
    expect(distance(currentMatch, match)).toBeGreaterThan(0.15)
    // It is not the palest one.
    expect(contrast(currentMatch, background)).toBeGreaterThan(1.5 * contrast(match, background))
    for (const color of [match, currentMatch, background])
      expect(contrast(currentBorder, color)).toBeGreaterThan(3)
  },
)
