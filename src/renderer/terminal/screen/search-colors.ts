/**
 * Of the matches of a search, by the theme of the terminal. The current match stands out by its color and a border, and
 * text on either can be read.
 */
export const searchColors = {
  dark: { match: '#443a17', currentMatch: '#96560a', currentBorder: '#ffd27a' },
  light: { match: '#fdeeb9', currentMatch: '#f09a1a', currentBorder: '#7a4600' },
} as const
