import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shareLists, shareStructure } from '../../../src/renderer/state/share-structure'

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

test('a key named __proto__ is one like any other', () => {
  const parse = (text: string): unknown => JSON.parse(text)
  const previous = parse('{"a":{"__proto__":{}},"b":[{"__proto__":{"c":1}}]}')
  const same = shareStructure(previous, parse('{"a":{"__proto__":{}},"b":[{"__proto__":{"c":1}}]}'))
  expect(same).toBe(previous)
  const next = '{"a":{},"b":[{"__proto__":{"c":2}}]}'
  expect(JSON.stringify(shareStructure(previous, parse(next)))).toBe(next)
})

test('entries that moved are found by their id, and those that did not change keep their identity', () => {
  const previous = [
    { id: 'a', at: { ms: 1 } },
    { id: 'b', at: { ms: 2 } },
  ]
  const shared = shareStructure(previous, [
    { id: 'b', at: { ms: 2 } },
    { id: 'c', at: { ms: 2 } },
    { id: 'a', at: { ms: 3 } },
  ])
  expect(shared[0]).toBe(previous[1])
  expect(shared[2]).toEqual({ id: 'a', at: { ms: 3 } })
})

test('lists of the same entries are shared, the whole is if nothing else changed, and no entry is looked into', () => {
  const [one, two] = [{ n: 1 }, { n: 2 }]
  const previous = { all: [one, two], some: [one], count: 2, more: { of: [two] } }
  const copy = { ...previous, all: [...previous.all], some: [...previous.some] }
  expect(shareLists(previous, copy)).toBe(previous)
  const next = { ...copy, some: [{ n: 1 }], count: 3 }
  const shared = shareLists(previous, next)
  expect(shared).toEqual(next)
  expect(shared.all).toBe(previous.all)
  expect(shared.some).toBe(next.some)
  expect(shareLists<object>(previous, { all: previous.all })).toEqual({ all: previous.all })
  expect(shareLists(null, previous)).toBe(previous)
})
