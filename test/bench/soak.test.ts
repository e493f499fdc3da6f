import { expect, test } from 'vitest'
import { soakPolls } from '../../bench/soak/polls'
import { slopeOf } from '../../bench/soak/slope'

test('a slope is of the later half: what is made once, in the beginning, is no leak', () => {
  const samples = (bytes: readonly number[]) => bytes.map((value, at) => ({ done: at * 10, bytes: value }))
  expect(slopeOf(samples([0, 900, 1_000, 1_000, 1_000, 1_000]))).toBe(0)
  expect(slopeOf(samples([0, 0, 0, 50, 100, 150]))).toBeCloseTo(5)
  expect(() => slopeOf(samples([1]))).toThrow('more looks')
})

test('after hundreds of polls no listener, timer or handle is left behind', { timeout: 60_000 }, async () => {
  const { polls, handleCount } = await soakPolls(500)
  expect(polls).toBe(500)
  expect(handleCount[1]).toBeLessThanOrEqual(handleCount[0] + 2)
})
