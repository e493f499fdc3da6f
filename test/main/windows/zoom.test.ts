import { expect, test } from 'vitest'
import { menuBar } from '../../../src/main/desktop/menu-bar'
import { zoomLevelAfter, zoomLevelOf } from '../../../src/main/windows/zoom'

const keys = { type: 'keyDown', control: false, meta: false, alt: false } as const
const ctrl = { ...keys, control: true }

test('plus and minus zoom by half a level, with and without shift, and zero resets the zoom', () => {
  expect(zoomLevelAfter({ ...ctrl, key: '+' }, 0)).toBe(0.5)
  expect(zoomLevelAfter({ ...ctrl, key: '=' }, 1)).toBe(1.5)
  expect(zoomLevelAfter({ ...ctrl, key: '-' }, 0)).toBe(-0.5)
  expect(zoomLevelAfter({ ...ctrl, key: '_' }, 1)).toBe(0.5)
  expect(zoomLevelAfter({ ...ctrl, key: '0' }, 3)).toBe(0)
  expect(zoomLevelAfter({ ...keys, meta: true, key: '+' }, 0)).toBe(0.5)
})

test('the zoom is limited to readable sizes', () => {
  expect(zoomLevelAfter({ ...ctrl, key: '+' }, 5)).toBe(5)
  expect(zoomLevelAfter({ ...ctrl, key: '-' }, -3)).toBe(-3)
})

test('other key presses do not zoom', () => {
  expect(zoomLevelAfter({ ...keys, key: '+' }, 0)).toBeNull()
  expect(zoomLevelAfter({ ...ctrl, key: 'f' }, 0)).toBeNull()
  expect(zoomLevelAfter({ ...ctrl, alt: true, key: '0' }, 0)).toBeNull()
  expect(zoomLevelAfter({ ...ctrl, type: 'keyUp', key: '0' }, 2)).toBeNull()
})

test('only macOS has a menu bar, because text fields there need one for pasting', () => {
  expect(menuBar('darwin')?.map(({ role }) => role)).toContain('editMenu')
  expect([menuBar('linux'), menuBar('win32')]).toEqual([null, null])
})

test('a zoom in percent is a step of the keys where one has that percentage, and exact otherwise', () => {
  expect([100, 110, 91, 120, 58, 249].map(zoomLevelOf)).toEqual([0, 0.5, -0.5, 1, -3, 5])
  for (const percent of [50, 75, 105, 150, 250])
    expect(1.2 ** zoomLevelOf(percent)).toBeCloseTo(percent / 100, 10)
})
