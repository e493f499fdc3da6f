import type { ITheme } from '@xterm/xterm'

export type ThemeName = 'dark' | 'light'

/*
 * The 16 ANSI colors and the colors of the terminal itself, close to those of the interface (ui/tokens.css).
 * Each has a contrast of at least 4.5:1 on its background, except the one that stands for the background.
 */
export const screenThemes: Readonly<Record<ThemeName, ITheme & { readonly background: string }>> = {
  dark: {
    background: '#0a0c0f',
    foreground: '#e8ebf0',
    cursor: '#e8ebf0',
    cursorAccent: '#0a0c0f',
    selectionBackground: '#3b4470',
    selectionInactiveBackground: '#2a2f45',
    scrollbarSliderBackground: '#3a424e99',
    scrollbarSliderHoverBackground: '#5b6472',
    scrollbarSliderActiveBackground: '#8d96a5',
    overviewRulerBorder: '#00000000',
    black: '#262b33',
    red: '#ff7a80',
    green: '#3ecf8e',
    yellow: '#f5a623',
    blue: '#8d9bff',
    magenta: '#d68bf0',
    cyan: '#62d0dd',
    white: '#c9d0da',
    brightBlack: '#8d96a5',
    brightRed: '#ff9ea2',
    brightGreen: '#7be3b4',
    brightYellow: '#ffc766',
    brightBlue: '#b0b9ff',
    brightMagenta: '#e6b3f7',
    brightCyan: '#97e3ec',
    brightWhite: '#ffffff',
  },
  light: {
    background: '#ffffff',
    foreground: '#14171c',
    cursor: '#14171c',
    cursorAccent: '#ffffff',
    selectionBackground: '#cdd3ff',
    selectionInactiveBackground: '#e3e6eb',
    scrollbarSliderBackground: '#c3c9d3',
    scrollbarSliderHoverBackground: '#8d96a5',
    scrollbarSliderActiveBackground: '#5b6472',
    overviewRulerBorder: '#00000000',
    black: '#14171c',
    red: '#b4232e',
    green: '#0a6b42',
    yellow: '#8a5200',
    blue: '#4b58e0',
    magenta: '#8b2fb3',
    cyan: '#0b6875',
    white: '#e3e6eb',
    brightBlack: '#5b6472',
    brightRed: '#c9303c',
    brightGreen: '#0c7a4c',
    brightYellow: '#965c06',
    brightBlue: '#5a66e6',
    brightMagenta: '#9a3fc2',
    brightCyan: '#0f7583',
    brightWhite: '#f4f5f7',
  },
}

/** The theme to use for the setting, in a window with theme `window`. */
export const resolveTheme = (setting: 'app' | ThemeName, window: ThemeName): ThemeName =>
  setting === 'app' ? window : setting
