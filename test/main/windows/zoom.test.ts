import { expect, test } from 'vitest'
import { menuBar } from '../../../src/main/desktop/menu-bar'
import { zoomAfter } from '../../../src/main/windows/zoom'

const keys = { type: 'keyDown', control: false, meta: false, alt: false } as const
const ctrl = { ...keys, control: true }

test('plus and minus zoom by half a level, with and without shift, zero goes back', () => {
  expect(zoomAfter({ ...ctrl, key: '+' }, 0)).toBe(0.5)
  expect(zoomAfter({ ...ctrl, key: '=' }, 1)).toBe(1.5)
  expect(zoomAfter({ ...ctrl, key: '-' }, 0)).toBe(-0.5)
  expect(zoomAfter({ ...ctrl, key: '_' }, 1)).toBe(0.5)
  expect(zoomAfter({ ...ctrl, key: '0' }, 3)).toBe(0)
  expect(zoomAfter({ ...keys, meta: true, key: '+' }, 0)).toBe(0.5)
})

test('it ends where nothing could be read any more', () => {
  expect(zoomAfter({ ...ctrl, key: '+' }, 5)).toBe(5)
  expect(zoomAfter({ ...ctrl, key: '-' }, -3)).toBe(-3)
})

test('other strokes do not zoom', () => {
  expect(zoomAfter({ ...keys, key: '+' }, 0)).toBeNull()
  expect(zoomAfter({ ...ctrl, key: 'f' }, 0)).toBeNull()
  expect(zoomAfter({ ...ctrl, alt: true, key: '0' }, 0)).toBeNull()
  expect(zoomAfter({ ...ctrl, type: 'keyUp', key: '0' }, 2)).toBeNull()
})

test('only macOS has a menu bar, for without one its text fields know no paste', () => {
  expect(menuBar('darwin')?.map(({ role }) => role)).toContain('editMenu')
  expect([menuBar('linux'), menuBar('win32')]).toEqual([null, null])
})
