import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shareStructure } from '../../../src/renderer/state/share-structure'

test('the shared result always equals the new value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (previous, next) => {
      expect(shareStructure<unknown>(previous, structuredClone(next))).toEqual(next)
    }),
  )
})

test('an equal copy is replaced by the original', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(shareStructure<unknown>(value, structuredClone(value))).toBe(value)
    }),
  )
})

test('a removed key creates a new object', () => {
  const previous: { a: number; b?: number } = { a: 1, b: 2 }
  expect(shareStructure(previous, { a: 1 })).toEqual({ a: 1 })
})

test('an undefined value differs from a missing key', () => {
  expect(Object.keys(shareStructure<object>({ a: 1 }, { b: undefined }))).toEqual(['b'])
})
