import { countsOf, type Measurement } from '../measurement'
import { runStories } from './run-stories'
import { runQueueStory } from './stories'

const queueFigure = countsOf('queue')

const RUNS = 2_000

/** Queues by seed, killed anywhere, with any replies: a job that is lost, or started twice, fails it. */
export async function measureQueues(): Promise<readonly Measurement[]> {
  const { brokenCount, sums } = await runStories(RUNS, runQueueStory, ['starts', 'kills', 'jobs'])
  return [
    queueFigure(`queues that lost a job or started one twice, of ${RUNS}`, brokenCount, 0),
    queueFigure('jobs', sums.jobs),
    queueFigure('starts on pods', sums.starts),
    queueFigure('kills', sums.kills),
  ]
}
