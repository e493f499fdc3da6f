import { expect, test } from 'vitest'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { createPlan, createWorld, killSteps } from '../../harness/monitor/create-world'

const tabs = { replacesPodId: 'old', terminalTabs: ['train', null] } as const

function worldWith(more = {}, reply: '201' | '402' = '201') {
  const world = createWorld({ replies: [reply] })
  world.start()
  const created = world.runner().create(createPlan(['H100 SXM'], { ...tabs, ...more }), {}, false)
  if (!created.ok) throw new Error(created.error)
  return { world, id: created.value.id }
}

test('terminal tabs are claimed once the pod is there, once, and by then they are the open ones', async () => {
  const { world, id } = worldWith()
  expect(world.runner().claimTabs(id).ok).toBe(false)
  await world.watch(MINUTE_MS)
  expect(world.runner().claimTabs(id)).toEqual({ ok: true, value: null })
  expect(world.runner().claimTabs(id).ok).toBe(false)
})

test('no terminal tab is claimed without a pod, and none where they stay', async () => {
  for (const { world, id } of [worldWith({}, '402'), worldWith({ terminalTabs: undefined })]) {
    await world.watch(MINUTE_MS)
    expect(world.runner().claimTabs(id).ok).toBe(false)
  }
})

test('however often the program is killed, the tabs that an earlier run had are given out once', async () => {
  for (const step of killSteps)
    for (const count of [1, 2, 3, 4]) {
      const world = createWorld({ replies: ['201'] })
      world.start({ step, count })
      world.runner().create(createPlan(['H100 SXM'], tabs), {}, false)
      await world.watch(2 * MINUTE_MS)
      let given = 0
      for (let run = 0; run < 3; run += 1) {
        if (run > 0 || world.isKilled()) world.start(run === 1 ? { step: 'after-write', count: 1 } : null)
        await world.watch(20 * MINUTE_MS)
        for (const { id } of world.onDisk()) {
          const claimed = world.runner().claimTabs(id)
          if (claimed.ok) given += 1
          if (claimed.ok && claimed.value !== null) expect(claimed.value).toEqual(['train', null])
        }
      }
      const made = world.pods.length
      expect([step, count, given]).toEqual([step, count, made])
      expect(world.onDisk().every(({ areTabsMoved }) => areTabsMoved === (made === 1))).toBe(true)
    }
})

test('tabs that cannot be written down as moved are not moved', async () => {
  const { world, id } = worldWith()
  await world.watch(MINUTE_MS)
  world.start({ step: 'before-write', count: 1 })
  expect(world.runner().claimTabs(id).ok).toBe(false)
  world.start()
  expect(world.runner().claimTabs(id)).toEqual({ ok: true, value: ['train', null] })
})
