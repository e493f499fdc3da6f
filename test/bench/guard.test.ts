import { expect, test } from 'vitest'
import { accountsUntilCaught } from '../../bench/guard/faults'
import { faults } from '../../bench/guard/fault-list'
import { liveMany, storyOf } from '../../bench/guard/lives'

test('300 pods live and no rule of the guard is broken', { timeout: 60_000 }, async () => {
  const lived = await liveMany(1_000_001, 60, 'short')
  expect(lived.podLives).toBe(300)
  // Not because nothing happened.
  expect(lived.idleAlertsDue).toBeGreaterThan(200)
  expect(lived.automaticStopsDue).toBeGreaterThan(20)
  expect(lived.rehearsals).toBeGreaterThan(0)
  expect(lived.longestDelayPolls).toBeLessThanOrEqual(1)
})

test('a seed makes the same life again', { timeout: 60_000 }, async () => {
  expect(await storyOf(5)).toBe(await storyOf(5))
})

test.each(faults.slice(0, 3))('the judge notices when $says', { timeout: 60_000 }, async (fault) => {
  expect(await accountsUntilCaught(fault, 20)).not.toBeNull()
})
