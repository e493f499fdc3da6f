import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import type { SimulatedPodSpec } from '../../src/simulator/world/pod-spec'
import type { World } from '../../src/simulator/world/world'
import type { SeededRandom } from '../seeded-random'

/** What happens to the pods of one account in a month. */
export interface PodChurn {
  readonly firstPodIds: readonly string[]
  /** When the next event happens, Unix ms; Infinity if there is none. */
  nextMs(): number
  /** Runs the next event. */
  runNext(nowMs: number): void
}

type PlannedEvent = { readonly atMs: number; readonly run: () => void }

const PRICES = [0.22, 0.34, 0.69, 1.49, 1.99, 2.78, 3.99, 10.76] as const
const SIZES = [0, 20, 50, 100, 500, 2_000] as const

/** The simulator counts whole seconds of each rate. */
const wholeSecond = (atMs: number): number => Math.ceil(atMs / SECOND_MS) * SECOND_MS

export function createPodChurn(world: World, random: SeededRandom, startMs: number, endMs: number): PodChurn {
  let plans: PlannedEvent[] = []
  let createdCount = 0
  const schedule = (atMs: number, run: () => void): void => {
    const secondMs = wholeSecond(atMs)
    if (secondMs < endMs) plans.push({ atMs: secondMs, run })
  }

  function specOf(id: string): SimulatedPodSpec {
    const sizeGb = random.pick(SIZES)
    return {
      id,
      name: id,
      mode: 'training',
      costPerHourUsd: random.pick(PRICES),
      containerDiskGb: random.pick([10, 40, 100]),
      persistent: sizeGb === 0 ? null : { sizeGb, path: '/workspace' },
      startedAgoMin: 0,
      provisioningS: random.integer(5, 60),
      startingS: random.integer(5, 90),
      stoppingS: random.integer(0, 20),
      ...(random.bool(0.1) && { cluster: { id: 'cluster', rank: null } }),
    }
  }

  function createPod(nowMs: number): string {
    const id = `pod${(createdCount += 1)}`
    world.add(specOf(id))
    // Sometimes a pod is gone before it can be observed.
    if (random.bool(0.05)) schedule(nowMs + random.between(2, 12) * SECOND_MS, () => removePod(id))
    else scheduleNextEvent(id, nowMs)
    return id
  }

  function removePod(id: string): void {
    if (world.record(id) !== null) world.remove(id)
  }

  /** Plans what happens to a running pod. */
  function scheduleNextEvent(id: string, nowMs: number): void {
    const atMs = wholeSecond(nowMs + random.between(0.2, 30) * HOUR_MS)
    schedule(atMs, () => {
      if (world.record(id) === null) return
      if (random.bool(0.2)) {
        removePod(id)
        schedule(atMs + random.between(0.1, 20) * HOUR_MS, () => void createPod(world.nowMs()))
      } else if (random.bool(0.15)) {
        resize(id)
        scheduleNextEvent(id, atMs)
      } else if (random.bool(0.1)) {
        world.act(id, 'restart')
        scheduleNextEvent(id, atMs)
      } else {
        world.act(id, 'stop')
        scheduleStart(id, atMs)
      }
    })
  }

  /** Plans what happens to a stopped pod. */
  function scheduleStart(id: string, nowMs: number): void {
    const atMs = wholeSecond(nowMs + random.between(0.05, 40) * HOUR_MS + MINUTE_MS)
    schedule(atMs, () => {
      if (world.record(id) === null) return
      if (random.bool(0.1)) resize(id)
      world.act(id, 'start')
      scheduleNextEvent(id, atMs)
    })
  }

  function resize(id: string): void {
    const disk = world.record(id)?.spec.persistent
    if (disk) world.patch(id, { persistent: { ...disk, sizeGb: disk.sizeGb + random.integer(10, 200) } })
  }

  const firstPodIds = Array.from({ length: random.integer(2, 7) }, () => createPod(startMs))
  for (let index = random.integer(0, 2); index > 0; index--)
    world.addVolume({ id: `volume${index}`, sizeGb: random.integer(10, 3_000), createdAgoMin: 0 })
  const sort = (): void => {
    plans = plans.sort((a, b) => a.atMs - b.atMs)
  }
  return {
    firstPodIds,
    nextMs() {
      sort()
      return plans[0]?.atMs ?? Number.POSITIVE_INFINITY
    },
    runNext() {
      sort()
      plans.shift()?.run()
    },
  }
}
