import { countsOf, type Measurement } from '../measurement'
import { runStories } from './run-stories'
import { runRequestedStory } from './requested-stories'

const queueFigure = countsOf('queue')

const STORIES = 500

/** Pods that are started and created for jobs, by a program that is killed anywhere: one too many fails it. */
export async function measureRequestedPods(): Promise<readonly Measurement[]> {
  const { brokenCount, sums } = await runStories(STORIES, runRequestedStory, [
    'creates',
    'podStarts',
    'podStops',
    'acceptedKeys',
    'kills',
  ])
  return [
    queueFigure(`queues that requested a pod twice, or where they may not, of ${STORIES}`, brokenCount, 0),
    queueFigure('pods created for jobs', sums.creates),
    queueFigure('pods started for jobs', sums.podStarts),
    queueFigure('pods stopped of which nothing came', sums.podStops),
    queueFigure('host keys accepted for jobs', sums.acceptedKeys),
    queueFigure('kills beside them', sums.kills),
  ]
}
