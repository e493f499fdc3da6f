import { expect, test } from 'vitest'
import { runStory } from '../../../bench/channels/story'

test.each([2, 3])(
  'alerts on their way to four services survive crashes and faults of story %i',
  async (seed) => {
    const story = await runStory(seed, 25)
    expect(story.problems).toEqual([])
  },
)
