import { describe, expect, test } from 'vitest'
import { runCreateStory } from '../../../bench/create/stories'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import {
  cloudReplies,
  createPlan,
  createWorld,
  findViolations,
  killSteps,
} from '../../harness/monitor/create-world'

const DEADLINE_MS = 16 * MINUTE_MS

/*
 * The program is killed at every step of a create with every reply of the cloud, and started again. Exactly one pod or
 * none, never two, and the program knows which. `npm run bench -- create` does that for thousands of seeds.
 */

describe('a create with the answer', () => {
  test.each(cloudReplies)('%s makes one pod or none, wherever the program is killed', async (reply) => {
    for (const second of [reply, '201'] as const)
      for (const step of killSteps)
        for (const count of [1, 2, 3, 4]) {
          const world = createWorld({ replies: [reply, second], listedAfterMs: 7_000 })
          world.start({ step, count })
          world.runner().create(createPlan(['H100 SXM', 'A100 SXM']), {}, false)
          await world.watch(MINUTE_MS)
          // It may be killed once more when the deadline passes.
          for (let run = 0; run < 2; run += 1) {
            if (world.isKilled()) world.start()
            await world.watch(DEADLINE_MS)
          }
          expect([step, count, second, findViolations(world)]).toEqual([step, count, second, []])
        }
  })

  test.each(cloudReplies)('%s is reported as it is, without a kill', async (reply) => {
    const world = createWorld({ replies: [reply] })
    world.start()
    world.runner().create(createPlan(['H100 SXM']), {}, false)
    await world.watch(DEADLINE_MS)
    const [create] = world.onDisk()
    expect([create?.phase, create?.podId !== null, world.pods.length, findViolations(world)]).toEqual([
      {
        '201': 'observed',
        '500-made': 'observed',
        'hang-made': 'observed',
        'reset-after': 'observed',
        'half-body': 'observed',
        '400-capacity': 'failed',
        '400': 'failed',
        '402': 'failed',
        '403': 'failed',
        '422': 'failed',
        '429': 'failed',
        '408': 'did-not-happen',
        '500': 'did-not-happen',
        hang: 'did-not-happen',
        'reset-before': 'did-not-happen',
      }[reply],
      world.pods.length === 1,
      world.pods.length,
      [],
    ])
  })
})

test('whatever happens in 150 seeded runs, each ends with one pod or none, and is reported as it is', async () => {
  for (let seed = 0; seed < 150; seed += 1)
    expect({ seed, violations: (await runCreateStory(seed)).violations }).toEqual({ seed, violations: [] })
})
