import { countsOf, type Measurement } from '../measurement'
import { runStories } from './run-stories'
import { runGuardedStory } from './guarded-stories'

const queueFigure = countsOf('queue')

const STORIES = 60

/** The guard and auto-schedule together, judged by what pods and jobs truly do. */
export async function measureGuardedQueues(): Promise<readonly Measurement[]> {
  const { brokenCount, sums } = await runStories(STORIES, runGuardedStory, [
    'autoStarts',
    'guardStops',
    'maxHourStops',
  ])
  // What never happens shows nothing.
  const isTooLittle = sums.autoStarts < STORIES || sums.guardStops < STORIES / 4
  if (isTooLittle) console.error('too little happened')
  return [
    queueFigure(
      `accounts whose guard or queue did what it may not, of ${STORIES}`,
      brokenCount + (isTooLittle ? 1 : 0),
      0,
    ),
    queueFigure('automatic starts beside the guard', sums.autoStarts),
    queueFigure('stops by the guard beside the queue', sums.guardStops),
    queueFigure('of these by maximum hours', sums.maxHourStops),
  ]
}
