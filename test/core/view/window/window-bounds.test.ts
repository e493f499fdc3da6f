import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  boundsAtPointer,
  boundsOnDisplays,
  parseWindowBounds,
  type WindowBounds,
  withoutFrame,
} from '../../../../src/core/view/window/window-bounds'

const at = (x: number, y: number, width = 900, height = 600): WindowBounds => ({ x, y, width, height })
const main = at(0, 24, 1_920, 1_056)
/** To the left of the main one, and lower. */
const second = at(-1_280, 200, 1_280, 984)

test('a window is where it was, on any display', () => {
  expect(boundsOnDisplays(at(100, 100), [main, second])).toEqual(at(100, 100))
  expect(boundsOnDisplays(at(-1_200, 300), [main, second])).toEqual(at(-1_200, 300))
})

test('a window that would be partly outside is moved to the display that has most of it', () => {
  expect(boundsOnDisplays(at(1_500, 900), [main])).toEqual(at(1_020, 480))
  expect(boundsOnDisplays(at(-400, 250), [main, second])).toEqual(at(0, 250))
  expect(boundsOnDisplays(at(-600, 250), [main, second])).toEqual(at(-900, 250))
})

test('a window whose display is gone is in the middle of the main one, and no larger than that', () => {
  expect(boundsOnDisplays(at(-1_200, 300), [main])).toEqual(at(510, 252))
  expect(boundsOnDisplays(at(5_000, 0, 4_000, 3_000), [main])).toEqual(main)
  expect(boundsOnDisplays(at(0, 0), [])).toBeNull()
})

test('a window is not on top of another one', () => {
  expect(boundsOnDisplays(at(100, 100), [main], [at(100, 100)])).toEqual(at(132, 132))
  expect(boundsOnDisplays(at(100, 100), [main], [at(132, 132), at(101, 120)])).toEqual(at(164, 164))
  expect(boundsOnDisplays(at(100, 100), [main], [at(300, 100)])).toEqual(at(100, 100))
})

test('a window is whole on a display, whatever was remembered', () => {
  const length = fc.integer({ min: 100, max: 20_000 })
  const place = fc.integer({ min: -100_000, max: 100_000 })
  const anyBounds = fc.record({ x: place, y: place, width: length, height: length })
  fc.assert(
    fc.property(
      anyBounds,
      fc.array(anyBounds, { minLength: 1, maxLength: 3 }),
      fc.array(anyBounds, { maxLength: 8 }),
      (bounds, areas, others) => {
        const shown = boundsOnDisplays(bounds, areas, others)!
        expect(
          areas.some(
            ({ x, y, width, height }) =>
              shown.x >= x &&
              shown.y >= y &&
              shown.x + shown.width <= x + width &&
              shown.y + shown.height <= y + height,
          ),
        ).toBe(true)
      },
    ),
  )
})

test('a window that was pulled out has its tab at the pointer, and is whole on the display of the pointer', () => {
  const size = { width: 900, height: 600 }
  const pulled = (x: number, y: number) => boundsOnDisplays(boundsAtPointer({ x, y }, size), [main, second])
  expect(pulled(700, 300)).toEqual(at(620, 260))
  expect(pulled(1_919, 1_079)).toEqual(at(1_020, 480))
  expect(pulled(0, 0)).toEqual(at(0, 24))
  expect(pulled(-1_000, 400)).toEqual(at(-1_080, 360))
})

test('a frame that a window manager adds is no move, and a move is', () => {
  expect(withoutFrame(at(101, 124, 700, 500), at(100, 100))).toEqual(at(100, 100, 700, 500))
  expect(withoutFrame(at(300, 100), at(100, 100))).toEqual(at(300, 100))
  expect(withoutFrame(at(99, 100), at(100, 100))).toEqual(at(99, 100))
})

test.each([
  undefined,
  null,
  'somewhere',
  {},
  { ...main, x: null },
  { ...main, x: Infinity },
  { ...main, width: 0 },
  { ...main, width: 1e9 },
  { ...main, y: 0.5 },
])('%j is no place of a window', (value) => expect(parseWindowBounds(value)).toBeNull())

test('a place of a window is read back as it was written', () => {
  expect(parseWindowBounds(JSON.parse(JSON.stringify({ ...main, other: 1 })))).toEqual(main)
})
