import { PNG } from 'pngjs'
import { expect, test } from 'vitest'
import { compare } from '../harness/app/look/baseline'
import { indexedPng, readIndexedPng } from '../harness/app/look/indexed-png'

/** A gray page with a block of `size` × 8 pixels. */
function page(size: number, shade = 0x20): PNG {
  const picture = new PNG({ width: 400, height: 200 })
  for (let at = 0; at < picture.data.length; at++) picture.data[at] = at % 4 === 3 ? 0xff : 0xe7
  for (let y = 90; y < 98; y++)
    for (let x = 20; x < 20 + size; x++) picture.data.fill(shade, (y * 400 + x) * 4, (y * 400 + x) * 4 + 3)
  return picture
}

test('a screenshot matches its baseline although the baseline has fewer colors', () => {
  expect(compare(readIndexedPng(indexedPng(page(30))), page(30))).toBeNull()
})

test('a baseline is read as other programs read it', () => {
  const file = indexedPng(page(30))
  const [read, wanted] = [readIndexedPng(file), PNG.sync.read(file)]
  expect([read.width, read.height]).toEqual([wanted.width, wanted.height])
  expect(read.data.equals(wanted.data)).toBe(true)
  expect(() => readIndexedPng(PNG.sync.write(page(30)))).toThrow('not written by indexedPng')
})

test('text that appears, disappears or changes its color is a difference, and so is another size', () => {
  const kept = readIndexedPng(indexedPng(page(30)))
  expect(compare(kept, page(0))?.words).toMatch(/0\.30% of the picture changed/)
  expect(compare(kept, page(45))).not.toBeNull()
  expect(compare(kept, page(30, 0xa0))).not.toBeNull()
  expect(compare(kept, new PNG({ width: 400, height: 201 }))?.words).toMatch(/400 × 201 px instead of/)
})

test('more colors than a palette has are rejected, not dropped', () => {
  const picture = new PNG({ width: 32, height: 32 })
  for (let pixel = 0; pixel < 32 * 32; pixel++)
    picture.data.set([(pixel % 32) * 8, Math.floor(pixel / 32) * 8, (pixel * 7) % 256, 255], pixel * 4)
  expect(() => indexedPng(picture)).toThrow('too many for a palette')
})
