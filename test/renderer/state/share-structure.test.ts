import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shareStructure } from '../../../src/renderer/state/share-structure'

test('what is shared is always equal to what came', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (previous, next) => {
      expect(shareStructure<unknown>(previous, structuredClone(next))).toEqual(next)
    }),
  )
})

test('an equal copy is answered with the original', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(shareStructure<unknown>(value, structuredClone(value))).toBe(value)
    }),
  )
})

test('a key that went makes a new object', () => {
  const previous: { a: number; b?: number } = { a: 1, b: 2 }
  expect(shareStructure(previous, { a: 1 })).toEqual({ a: 1 })
})

test('an undefined value is not taken for a missing key', () => {
  expect(Object.keys(shareStructure<object>({ a: 1 }, { b: undefined }))).toEqual(['b'])
})
