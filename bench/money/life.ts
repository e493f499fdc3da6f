import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time'
import type { PodSpec } from '../../src/simulator/world/pod-spec'
import type { World } from '../../src/simulator/world/world'
import type { Chance } from '../chance'

/** What happens to the pods of one account in a month. */
export interface Life {
  readonly firstPodIds: readonly string[]
  /** When the next thing happens, Unix ms; Infinity: nothing does any more. */
  nextMs(): number
  /** Lets it happen. */
  happen(nowMs: number): void
}

type Plan = { readonly atMs: number; readonly run: () => void }

const PRICES = [0.22, 0.34, 0.69, 1.49, 1.99, 2.78, 3.99, 10.76] as const
const SIZES = [0, 20, 50, 100, 500, 2_000] as const

/** The simulator counts whole seconds of each rate. */
const wholeSecond = (atMs: number): number => Math.ceil(atMs / SECOND_MS) * SECOND_MS

export function createLife(world: World, chance: Chance, startMs: number, endMs: number): Life {
  let plans: Plan[] = []
  let born = 0
  const plan = (atMs: number, run: () => void): void => {
    const secondMs = wholeSecond(atMs)
    if (secondMs < endMs) plans.push({ atMs: secondMs, run })
  }

  function specOf(id: string): PodSpec {
    const sizeGb = chance.pick(SIZES)
    return {
      id,
      name: id,
      mode: 'training',
      costPerHourUsd: chance.pick(PRICES),
      containerDiskGb: chance.pick([10, 40, 100]),
      persistent: sizeGb === 0 ? null : { sizeGb, path: '/workspace' },
      startedAgoMin: 0,
      provisioningS: chance.whole(5, 60),
      startingS: chance.whole(5, 90),
      stoppingS: chance.whole(0, 20),
      ...(chance.is(0.1) && { cluster: { id: 'cluster', rank: null } }),
    }
  }

  function make(nowMs: number): string {
    const id = `pod${(born += 1)}`
    world.add(specOf(id))
    // Now and then one is gone before anybody could look.
    if (chance.is(0.05)) plan(nowMs + chance.between(2, 12) * SECOND_MS, () => end(id))
    else goOn(id, nowMs)
    return id
  }

  function end(id: string): void {
    if (world.record(id) !== null) world.remove(id)
  }

  /** Plans what happens to a pod that runs. */
  function goOn(id: string, nowMs: number): void {
    const atMs = wholeSecond(nowMs + chance.between(0.2, 30) * HOUR_MS)
    plan(atMs, () => {
      if (world.record(id) === null) return
      if (chance.is(0.2)) {
        end(id)
        plan(atMs + chance.between(0.1, 20) * HOUR_MS, () => void make(world.nowMs()))
      } else if (chance.is(0.15)) {
        resize(id)
        goOn(id, atMs)
      } else if (chance.is(0.1)) {
        world.act(id, 'restart')
        goOn(id, atMs)
      } else {
        world.act(id, 'stop')
        rest(id, atMs)
      }
    })
  }

  /** Plans what happens to a pod that is stopped. */
  function rest(id: string, nowMs: number): void {
    const atMs = wholeSecond(nowMs + chance.between(0.05, 40) * HOUR_MS + MINUTE_MS)
    plan(atMs, () => {
      if (world.record(id) === null) return
      if (chance.is(0.1)) resize(id)
      world.act(id, 'start')
      goOn(id, atMs)
    })
  }

  function resize(id: string): void {
    const disk = world.record(id)?.spec.persistent
    if (disk) world.patch(id, { persistent: { ...disk, sizeGb: disk.sizeGb + chance.whole(10, 200) } })
  }

  const firstPodIds = Array.from({ length: chance.whole(2, 7) }, () => make(startMs))
  for (let index = chance.whole(0, 2); index > 0; index--)
    world.addVolume({ id: `volume${index}`, sizeGb: chance.whole(10, 3_000), createdAgoMin: 0 })
  const sort = (): void => {
    plans = plans.sort((a, b) => a.atMs - b.atMs)
  }
  return {
    firstPodIds,
    nextMs() {
      sort()
      return plans[0]?.atMs ?? Number.POSITIVE_INFINITY
    },
    happen() {
      sort()
      plans.shift()?.run()
    },
  }
}
