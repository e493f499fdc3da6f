import type { Measurement } from '../measurement'
import { runQueueStory } from './stories'

const RUNS = 2_000

/** Queues by seed, killed anywhere, with any replies: a job that is lost, or started twice, fails it. */
export async function measureQueues(): Promise<readonly Measurement[]> {
  const broken: string[] = []
  const sum = { starts: 0, kills: 0, jobs: 0 }
  for (let seed = 0; seed < RUNS; seed += 1) {
    const { violations, starts, kills, jobs } = await runQueueStory(seed)
    sum.starts += starts
    sum.kills += kills
    sum.jobs += jobs
    if (violations.length > 0) broken.push(`seed ${seed}: ${violations.slice(0, 3).join('; ')}`)
  }
  for (const line of broken.slice(0, 20)) console.error(line)
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
    figure(`queues that lost a job or started one twice, of ${RUNS}`, broken.length, {
      kind: 'value',
      atMost: 0,
    }),
    figure('jobs', sum.jobs),
    figure('starts on pods', sum.starts),
    figure('kills', sum.kills),
  ]
}
