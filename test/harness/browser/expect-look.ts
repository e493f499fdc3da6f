import { expect } from 'vitest'
import type { TestWindow } from './open-window'

const WIDTHS = [360, 1_180, 2_000]

/**
 * Expects that nothing of the page is cut off in a narrow and in a wide window, and that axe-core finds no fault in
 * either theme.
 */
export async function expectGoodLook(window: TestWindow): Promise<void> {
  for (const width of WIDTHS) {
    window.resize(width)
    await window.nextFrame()
    expect(window.overflow()).toEqual({ page: 0, tables: [] })
  }
  window.resize(1_180)
  await window.nextFrame()
  await window.setColorScheme('light')
  expect(await window.axeFaults('all')).toEqual([])
  await window.setColorScheme('dark')
  expect(await window.axeFaults('contrast')).toEqual([])
  await window.setColorScheme('light')
}
