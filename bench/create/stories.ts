import { HOUR_MS, MINUTE_MS } from '../../src/core/base/time/time'
import {
  type CloudReply,
  cloudReplies,
  createPlan,
  createWorld,
  findViolations,
  type Kill,
  killSteps,
} from '../../test/harness/monitor/create-world'
import { createSeededRandom, type SeededRandom } from '../seeded-random'

/*
 * One create each, with replies, kills, slow lists and faults by the seed. Judged by what the cloud made, and by what
 * is on disk.
 */

export interface CreateStory {
  readonly violations: readonly string[]
  readonly requests: number
  readonly kills: number
  readonly pods: number
}

const types = ['H100 SXM', 'A100 SXM', 'L40S']

export async function runCreateStory(seed: number): Promise<CreateStory> {
  const random = createSeededRandom(seed)
  const isWaiting = random.bool(0.25)
  const areNamesHidden = random.bool(0.15)
  const replies = Array.from({ length: random.integer(1, 5) }, () => pickReply(random))
  const world = createWorld({
    // A create that waits ends after an hour of nothing.
    replies: isWaiting ? [...replies, random.bool(0.5) ? '201' : '400-capacity'] : replies,
    listedAfterMs: random.pick([0, 2_000, 30_000, 5 * MINUTE_MS, 14 * MINUTE_MS, 40 * MINUTE_MS]),
    listFault: faultsOf(random.integer(0, 1_000), random.pick([0, 0.1, 0.4])),
    areEnvironmentsHidden: areNamesHidden,
  })
  let kills = 0
  const startMaybeKilled = (): void => world.start(random.bool(0.6) ? killOf(random) : null)
  startMaybeKilled()
  world
    .runner()
    .create(
      createPlan(types.slice(0, random.integer(1, 3)), isWaiting ? { waitsForMs: HOUR_MS } : {}),
      {},
      random.bool(0.5),
    )
  for (let run = 0; run < 4; run += 1) {
    await world.watch(random.pick([5_000, MINUTE_MS, 10 * MINUTE_MS]))
    if (!world.isKilled()) continue
    kills += 1
    await world.clock.advanceAsync(random.pick([100, MINUTE_MS, 20 * MINUTE_MS]))
    startMaybeKilled()
  }
  if (world.isKilled()) {
    kills += 1
    world.start()
  }
  // Until the last pod is listed, the wait is over and the deadline has passed.
  await world.watch(random.bool(0.05) || isWaiting ? 2 * HOUR_MS : HOUR_MS)
  if (world.isKilled()) {
    world.start()
    await world.watch(HOUR_MS)
  }
  return {
    violations: findViolations(world),
    requests: world.requests.length,
    kills,
    pods: world.pods.length,
  }
}

const pickReply = (random: SeededRandom): CloudReply => random.pick(cloudReplies)
const killOf = (random: SeededRandom): Kill => ({
  step: random.pick(killSteps),
  count: random.integer(1, 5),
})

/** Faults of lists by their number, so that they don't depend on what else was asked. */
function faultsOf(seed: number, share: number): (list: number) => 'none' | 'failed' | 'partial' {
  return (list) => {
    const random = createSeededRandom(seed * 7_919 + list)
    if (!random.bool(share)) return 'none'
    return random.bool(0.5) ? 'failed' : 'partial'
  }
}
