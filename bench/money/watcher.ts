import { initialBillReadProgress, planBillReads } from '../../src/core/money/bills/bill-plan'
import { createLedger, type Ledger } from '../../src/core/money/ledger/ledger'
import type { ObservedSubject } from '../../src/core/money/ledger/ledger-observation'
import {
  podBillingState,
  podSubjectId,
  volumeBillingState,
  volumeSubjectId,
} from '../../src/core/money/ledger/billing-state'
import type { Pod } from '../../src/core/pods/pod'
import { billKinds } from '../../src/core/pods/provider'
import { createMemoryLedgerFiles } from '../../src/node/data-folder/records/ledger-files'
import { parsePod } from '../../src/providers/runpod/parse/parse-pod'
import { apiPod } from '../../src/simulator/world/api-pod'
import { type PodRecord, statusAt } from '../../src/simulator/world/pod-record'
import type { World } from '../../src/simulator/world/world'
import type { Bills } from './bills'

/** Polls a simulated account and reads its bills, as the app does. */
export interface Watcher {
  readonly ledger: Ledger
  readonly listedPodIds: ReadonlySet<string>
  poll(nowMs: number): void
  pollVolumes(nowMs: number): void
  readBills(nowMs: number): void
}

/** Parses pods as the provider does; an unchanged pod is not parsed again. */
export type WorldPodReader = (nowMs: number) => readonly Pod[]

export function createPodReader(world: World): WorldPodReader {
  const read = new Map<string, { record: PodRecord; status: string; pod: Pod | null }>()
  return (nowMs) =>
    world.records().flatMap((record) => {
      const status = statusAt(record, nowMs)
      const known = read.get(record.id)
      if (known?.record === record && known.status === status) return known.pod ?? []
      const pod = parsePod(apiPod(record, world.view()))
      read.set(record.id, { record, status, pod })
      return pod ?? []
    })
}

export function createWatcher(world: World, pods: WorldPodReader, bills: Bills): Watcher {
  const ledger = createLedger(createMemoryLedgerFiles())
  let progress = initialBillReadProgress
  let missing = new Map<string, number>()
  let before = new Set<string>()
  const listedPodIds = new Set<string>()
  return {
    ledger,
    listedPodIds,
    poll(atMs) {
      const listed = pods(atMs)
      const keys = new Set(listed.map(podSubjectId))
      for (const { id } of listed) listedPodIds.add(id)
      const stillMissing = new Map<string, number>()
      for (const key of [...before, ...missing.keys()])
        if (!keys.has(key)) stillMissing.set(key, (missing.get(key) ?? 0) + 1)
      // A pod counts as gone after two complete lists without it and then a 404.
      const perhapsThere = new Set([...stillMissing].filter(([, lists]) => lists < 2).map(([key]) => key))
      missing = new Map([...stillMissing].filter(([key]) => perhapsThere.has(key)))
      before = keys
      ledger.observe({
        what: 'pods',
        atMs,
        isComplete: true,
        possiblyPresent: perhapsThere,
        subjects: listed.map((pod): ObservedSubject => ({
          key: podSubjectId(pod),
          name: pod.name,
          hardware: null,
          billingState: podBillingState(pod),
          isIdle: false,
          isUsed: pod.phase !== 'stopped',
        })),
      })
    },
    pollVolumes(atMs) {
      ledger.observe({
        what: 'volumes',
        atMs,
        isComplete: true,
        possiblyPresent: new Set(),
        subjects: world.volumes.list().map(({ id, name, size, dataCenter, type }) => ({
          key: volumeSubjectId(id),
          name,
          hardware: null,
          billingState: volumeBillingState({
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
      const schedule = planBillReads(progress, atMs)
      progress = schedule.progress
      for (const span of schedule.spans)
        for (const kind of billKinds)
          ledger.applyBill({ kind, requestedAtMs: atMs, ...span, rows: bills(kind, span, atMs) })
    },
  }
}
