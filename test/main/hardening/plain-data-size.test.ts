import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NOT_PLAIN, plainDataSize } from '../../../src/main/hardening/request-gate'

const LIMIT = 64 * 1024

test('plain data has a size that is at least that of its text', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const poisoned = /"(__proto__|constructor|prototype)":/.test(JSON.stringify(value))
      fc.pre(!poisoned)
      const size = plainDataSize(value, Number.MAX_SAFE_INTEGER)
      expect(size).not.toBe(NOT_PLAIN)
      const letters = [...JSON.stringify(value).matchAll(/[a-z]/gi)].length
      expect(size).toBeGreaterThanOrEqual(letters)
    }),
  )
})

const cycle: Record<string, unknown> = {}
cycle['self'] = cycle

test.each([
  ['a cycle', cycle],
  ['a cycle in a list', [[cycle]]],
  ['a function', () => {}],
  ['a symbol', Symbol('s')],
  ['a bigint', 1n],
  ['NaN', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
  ['a date', new Date(0)],
  ['a map', new Map()],
  ['a set', new Set()],
  ['bytes', new Uint8Array(4)],
  ['an error', new Error('x')],
  ['an object of a class', new (class Pod {})()],
  ['an own __proto__', JSON.parse('{"__proto__": {"isAdmin": true}}')],
  ['an own constructor', { constructor: { prototype: {} } }],
  ['a poisoned part', { a: [{ b: { prototype: 1 } }] }],
])('%s is not plain data', (_name, value) => {
  expect(plainDataSize(value, LIMIT)).toBe(NOT_PLAIN)
})

test('data that is too large is detected by examining a part of it', () => {
  expect(plainDataSize('x'.repeat(LIMIT), LIMIT)).toBeGreaterThan(LIMIT)
  expect(plainDataSize({ ['x'.repeat(LIMIT)]: 1 }, LIMIT)).toBeGreaterThan(LIMIT)
  expect(plainDataSize(Array.from({ length: LIMIT }), LIMIT)).toBeGreaterThan(LIMIT)
  const holes: unknown[] = []
  holes.length = 4_000_000_000
  expect(plainDataSize(holes, LIMIT)).toBeGreaterThan(LIMIT)
  const endless = { parts: Array.from({ length: 10_000 }, () => ({ text: 'x'.repeat(100) })) }
  expect(plainDataSize(endless, LIMIT)).toBeLessThan(LIMIT + 1_000)
})
