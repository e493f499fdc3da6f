import type { Measurement } from '../measurement'
import { runGuardedStory } from './guarded-stories'

const STORIES = 60

/** The guard and auto-schedule together, judged by what pods and jobs truly do. */
export async function measureGuardedQueues(): Promise<readonly Measurement[]> {
  const broken: string[] = []
  const sum = { autoStarts: 0, guardStops: 0, maxHourStops: 0 }
  for (let seed = 0; seed < STORIES; seed += 1) {
    const { violations, ...counts } = await runGuardedStory(seed)
    for (const name of ['autoStarts', 'guardStops', 'maxHourStops'] as const) sum[name] += counts[name]
    if (violations.length > 0) broken.push(`seed ${seed}: ${violations.slice(0, 3).join('; ')}`)
  }
  // What never happens shows nothing.
  if (sum.autoStarts < STORIES || sum.guardStops < STORIES / 4) broken.push('too little happened')
  for (const line of broken) console.error(line)
  const figure = (name: string, value: number, goal: Measurement['goal'] = null): Measurement => ({
    group: 'queue',
    name,
    unit: '',
    value,
    spread: null,
    baseline: null,
    beside: null,
    goal,
  })
  return [
    figure(`accounts whose guard or queue did what it may not, of ${STORIES}`, broken.length, {
      kind: 'value',
      atMost: 0,
    }),
    figure('automatic starts beside the guard', sum.autoStarts),
    figure('stops by the guard beside the queue', sum.guardStops),
    figure('of these by maximum hours', sum.maxHourStops),
  ]
}
