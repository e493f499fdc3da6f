import { describe, expect, test } from 'vitest'
import { screenThemes } from '../../../../src/renderer/terminal/screen/screen-themes'

describe('the colors', () => {
  const channel = (value: number): number => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
      channel(Number.parseInt(colour.slice(at, at + 2), 16)),
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const contrast = (a: string, b: string): number => {
    const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other)
    return (light + 0.05) / (dark + 0.05)
  }
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
