import { expect, test } from 'vitest'
import { createTokenBucket } from '../../../../src/core/base/time/token-bucket'

const taken = (bucket: { take(nowMs: number): boolean }, count: number, nowMs: number): number =>
  Array.from({ length: count }, () => bucket.take(nowMs)).filter(Boolean).length

test('a burst is admitted, then as many as the rate allows, and never more than a burst after a pause', () => {
  const bucket = createTokenBucket({ burst: 5, perSecond: 2 })
  expect(taken(bucket, 10, 0)).toBe(5)
  expect(taken(bucket, 10, 499)).toBe(0)
  expect(taken(bucket, 10, 1_000)).toBe(2)
  expect(taken(bucket, 10, 3_600_000)).toBe(5)
})

test('a clock that goes back adds and removes no tokens', () => {
  const bucket = createTokenBucket({ burst: 1, perSecond: 1 })
  expect(taken(bucket, 1, 10_000)).toBe(1)
  expect(taken(bucket, 1, 0)).toBe(0)
  expect(taken(bucket, 1, 1_000)).toBe(1)
})
