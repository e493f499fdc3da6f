const TAB_CELLS = 4
const ASCII = /^[\x20-\x7e]*$/
/** Characters that a monospaced font draws twice as wide, and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/gu

/** Tabs as spaces, so that a line has the same width everywhere. */
export const withoutTabs = (text: string): string => text.replaceAll('\t', ' '.repeat(TAB_CELLS))

/**
 * How many cells of a monospaced font a text takes. Of anything but ASCII it is an estimate that is rather too high.
 */
export function cellsOf(text: string): number {
  if (ASCII.test(text)) return text.length
  const tabs = text.split('\t').length - 1
  return text.length + tabs * (TAB_CELLS - 1) + (text.match(WIDE)?.length ?? 0)
}

/** How many rows of so many columns a line takes. One more where its width is an estimate. */
export function rowsOf(cells: number, isExact: boolean, columns: number): number {
  if (cells <= columns) return 1
  return Math.ceil(cells / columns) + (isExact ? 0 : 1)
}

export const isExactText = (text: string): boolean => ASCII.test(text)
