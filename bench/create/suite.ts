import { countsOf, type Measurement } from '../measurement'
import { runCreateStory } from './stories'

const RUNS = 2_000

/** Creates by seed, killed anywhere, with any reply: two pods, or one that the program does not know, fail it. */
export async function measureCreates(): Promise<readonly Measurement[]> {
  const broken: string[] = []
  const sum = { requests: 0, kills: 0, pods: 0 }
  for (let seed = 0; seed < RUNS; seed += 1) {
    const { violations, requests, kills, pods } = await runCreateStory(seed)
    sum.requests += requests
    sum.kills += kills
    sum.pods += pods
    if (violations.length > 0) broken.push(`seed ${seed}: ${violations.join('; ')}`)
  }
  for (const line of broken.slice(0, 20)) console.error(line)
  const count = countsOf('create')
  return [
    count(`creates that are not what they are told to be, of ${RUNS}`, broken.length, 0),
    count('requests sent', sum.requests),
    count('kills', sum.kills),
    count('pods made', sum.pods),
  ]
}
