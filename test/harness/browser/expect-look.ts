import { expect } from 'vitest'
import type { TestWindow } from './open-window'

interface GoodLookOptions {
  readonly widths?: readonly number[]
  /** Whether tables may be wider than their room, in which they scroll. Default: they fit. */
  readonly tablesScroll?: boolean
  /** How much doesn't fit besides the page and its tables, pixels. */
  readonly excess?: () => number
}

/**
 * Expects that nothing of the page is cut off in narrow and in wide windows, and that axe-core finds no fault in either
 * theme. The window has its width again at the end.
 */
export async function expectGoodLook(
  window: TestWindow,
  { widths = [360, 1_180, 2_000], tablesScroll = false, excess = () => 0 }: GoodLookOptions = {},
): Promise<void> {
  const { innerWidth } = window.global
  for (const width of widths) {
    window.resize(width)
    await window.nextFrame()
    // What measures itself has its size for a width some frames later.
    await expect
      .poll(() => {
        const { page, tables } = window.overflow()
        return { width, page, tables: tablesScroll ? [] : tables, excess: excess() }
      })
      .toEqual({ width, page: 0, tables: [], excess: 0 })
  }
  window.resize(innerWidth)
  await window.nextFrame()
  await window.setColorScheme('light')
  expect(await window.axeFaults('all')).toEqual([])
  await window.setColorScheme('dark')
  expect(await window.axeFaults('contrast')).toEqual([])
  await window.setColorScheme('light')
}
