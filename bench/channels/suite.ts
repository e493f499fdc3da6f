import { countsOf, type Measurement } from '../measurement'
import { runStory } from './story'

const STORIES = 100
const ALERTS = 100

/** 10,000 alerts to four services, from programs that are killed at any moment: one that is lost fails it. */
export async function measureChannels(): Promise<readonly Measurement[]> {
  const totals = { crashes: 0, lostReplies: 0, duplicates: 0 }
  const problems: string[] = []
  for (let seed = 1; seed <= STORIES; seed += 1) {
    const story = await runStory(seed, ALERTS)
    totals.crashes += story.crashes
    totals.lostReplies += story.lostReplies
    totals.duplicates += story.duplicates
    problems.push(...story.problems)
    if (seed % 10 === 0) console.log(`${seed} of ${STORIES} stories, ${problems.length} problems`)
  }
  for (const problem of problems.slice(0, 20)) console.error(problem)
  const figure = countsOf('channels')
  return [
    figure(
      `alerts lost, or told without being delivered, of ${STORIES * ALERTS} to four services`,
      problems.length,
      0,
    ),
    figure('crashes', totals.crashes),
    figure('replies lost after a message was accepted', totals.lostReplies),
    figure('duplicate messages', totals.duplicates),
  ]
}
