import { expect, test } from 'vitest'
import { soakPolls } from '../../bench/soak/polls'
import { slopeOf } from '../../bench/soak/slope'

test('a slope is computed from the later half, because one-time allocations at the start are not a leak', () => {
  const samples = (bytes: readonly number[]) => bytes.map((value, at) => ({ done: at * 10, bytes: value }))
  expect(slopeOf(samples([0, 900, 1_000, 1_000, 1_000, 1_000]))).toBe(0)
  expect(slopeOf(samples([0, 0, 0, 50, 100, 150]))).toBeCloseTo(5)
  expect(() => slopeOf(samples([1]))).toThrow('more looks')
})

test('hundreds of polls leave no listener, timer or handle behind', async () => {
  const { polls, handleCount } = await soakPolls(500)
  expect(polls).toBe(500)
  expect(handleCount[1]).toBeLessThanOrEqual(handleCount[0] + 2)
})
