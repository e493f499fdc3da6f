import { describe, expect, test } from 'vitest'
import { runGuardedStory } from '../../bench/queue/guarded-stories'
import { runRequestedStory } from '../../bench/queue/requested-stories'
import { runQueueStory } from '../../bench/queue/stories'
import { HOUR_MS } from '../../src/core/base/time/time'

// `npm run bench -- queue` runs 2,000.
const SEEDS = [1, 7]

describe('queues lose no job and start none twice, whatever is killed, dropped or late', () => {
  let starts = 0
  let kills = 0

  test.each(SEEDS)('in the story of seed %i', async (seed) => {
    const story = await runQueueStory(seed)
    expect(story.violations).toEqual([])
    starts += story.starts
    kills += story.kills
  })

  test('in which something happens', () => {
    expect(starts).toBeGreaterThan(20)
    expect(kills).toBeGreaterThan(10)
  })
})

describe('pods for jobs are requested one at a time, at allowed prices, and keep no job from ending', () => {
  test.each([13, 18])('in the story of seed %i', async (seed) => {
    const { violations, creates, podStarts, kills } = await runRequestedStory(seed)
    expect(violations).toEqual([])
    // A story in which nothing happens would show nothing.
    expect(Math.min(creates + podStarts, kills)).toBeGreaterThan(0)
  })
})

test('the guard stops no pod with a job, and auto-schedule starts nothing where it may not', async () => {
  const story = await runGuardedStory(2, 3 * HOUR_MS)
  expect(story.violations).toEqual([])
  expect(story.autoStarts).toBeGreaterThan(3)
  expect(story.maxHourStops).toBeGreaterThan(0)
})
