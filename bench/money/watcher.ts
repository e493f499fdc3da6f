import { noProgress, planBills } from '../../src/core/money/bill-plan'
import { createLedger, type Ledger, type Seen } from '../../src/core/money/ledger/ledger'
import {
  standingOfPod,
  standingOfVolume,
  subjectOfPod,
  subjectOfVolume,
} from '../../src/core/money/ledger/billing-state'
import type { Pod } from '../../src/core/pods/pod'
import { billKinds } from '../../src/core/pods/provider'
import { createMemoryLedger } from '../../src/node/data-folder/ledger-files'
import { readPod } from '../../src/providers/runpod/wire'
import { apiPod } from '../../src/simulator/world/api-pod'
import { type PodRecord, statusAt } from '../../src/simulator/world/pod-life'
import type { World } from '../../src/simulator/world/world'
import type { Bills } from './bills'

/** One who looks at a world and reads its bills, as the app does. */
export interface Watcher {
  readonly ledger: Ledger
  readonly seenPodIds: ReadonlySet<string>
  look(nowMs: number): void
  lookAtVolumes(nowMs: number): void
  readBills(nowMs: number): void
}

/** Reads pods as the provider does; one that did not change is not read again. */
export type PodReader = (nowMs: number) => readonly Pod[]

export function createPodReader(world: World): PodReader {
  const read = new Map<string, { record: PodRecord; status: string; pod: Pod | null }>()
  return (nowMs) =>
    world.records().flatMap((record) => {
      const status = statusAt(record, nowMs)
      const known = read.get(record.id)
      if (known?.record === record && known.status === status) return known.pod ?? []
      const pod = readPod(apiPod(record, world.view()))
      read.set(record.id, { record, status, pod })
      return pod ?? []
    })
}

export function createWatcher(world: World, pods: PodReader, bills: Bills, nowMs: number): Watcher {
  const ledger = createLedger(createMemoryLedger(), nowMs)
  let progress = noProgress
  let missing = new Map<string, number>()
  let before = new Set<string>()
  const seenPodIds = new Set<string>()
  return {
    ledger,
    seenPodIds,
    look(atMs) {
      const listed = pods(atMs)
      const keys = new Set(listed.map(subjectOfPod))
      for (const { id } of listed) seenPodIds.add(id)
      const stillMissing = new Map<string, number>()
      for (const key of [...before, ...missing.keys()])
        if (!keys.has(key)) stillMissing.set(key, (missing.get(key) ?? 0) + 1)
      // Two complete lists without it, and then a 404, make a pod gone.
      const perhapsThere = new Set([...stillMissing].filter(([, lists]) => lists < 2).map(([key]) => key))
      missing = new Map([...stillMissing].filter(([key]) => perhapsThere.has(key)))
      before = keys
      ledger.observe({
        what: 'pods',
        atMs,
        isComplete: true,
        perhapsThere,
        seen: listed.map((pod): Seen => ({
          key: subjectOfPod(pod),
          name: pod.name,
          hardware: null,
          standing: standingOfPod(pod),
          isIdle: false,
          isUsed: pod.phase !== 'stopped',
        })),
      })
    },
    lookAtVolumes(atMs) {
      ledger.observe({
        what: 'volumes',
        atMs,
        isComplete: true,
        perhapsThere: new Set(),
        seen: world.volumes.list().map(({ id, name, size, dataCenter, type }) => ({
          key: subjectOfVolume(id),
          name,
          hardware: null,
          standing: standingOfVolume({
            id,
            name,
            sizeGb: size,
            dataCenterId: dataCenter,
            isHighPerformance: type !== 'STANDARD',
          }),
          isIdle: false,
          isUsed: true,
        })),
      })
    },
    readBills(atMs) {
      const plan = planBills(progress, atMs)
      progress = plan.progress
      for (const span of plan.spans)
        for (const kind of billKinds)
          ledger.takeBill({ kind, askedAtMs: atMs, ...span, rows: bills(kind, span, atMs) })
    },
  }
}
