import { expect, test } from 'vitest'
import { runQueueStory } from '../../bench/queue/stories'

// `npm run bench -- queue` runs 2,000.
const SEEDS = [0, 6]

test('queues lose no job and start none twice, whatever is killed, dropped or late', async () => {
  let starts = 0
  let kills = 0
  for (let seed = SEEDS[0]!; seed < SEEDS[1]!; seed += 1) {
    const story = await runQueueStory(seed)
    expect(story.violations, `seed ${seed}`).toEqual([])
    starts += story.starts
    kills += story.kills
  }
  // A story in which nothing happens shows nothing.
  expect(starts).toBeGreaterThan(20)
  expect(kills).toBeGreaterThan(10)
})
