import { billingWindow, type BillingWindow } from './billing-window'
import { bucketAfter, bucketStart } from './buckets'
import { type Charge, type ChargeKind, chargeMicroUsd } from '../../ledger/ledger'
import { usdOf } from '../../ledger/rates'
import { json, type Reply } from '../../http/reply'
import type { World } from '../../world/world'

/** Bills are created at intervals and with a delay. */
const BILLED_EVERY_MS = 5 * 60_000
const LAG_MS = 60 * 60_000

/** Micro-dollars by the API's field names, without the total. */
type Amounts = Readonly<Record<string, number>>

/** One kind of bill: whose charges it contains, and under which names. */
interface BillLayout {
  /** The field and parameter that identify the subject of a record; null if there is one record per bucket. */
  readonly subject: string | null
  /** The metadata field with the number of distinct subjects. */
  readonly countField: string | null
  readonly amounts: readonly string[]
  /** Null if the charge is not on this bill. */
  readonly amountOf: (charge: Charge) => string | null
  readonly subjectOf: (charge: Charge) => string
}

const noAmount = () => null
const ownId = (charge: Charge) => charge.owner.id

const podKinds: Partial<Record<ChargeKind, string>> = {
  gpu: 'gpuAmount',
  cpu: 'cpuAmount',
  disk: 'diskAmount',
}
const volumeKinds: Partial<Record<ChargeKind, string>> = {
  'storage-standard': 'standardAmount',
  'storage-high-performance': 'highPerformanceAmount',
}

const totalKinds: Record<ChargeKind, string> = {
  gpu: 'podGpuAmount',
  cpu: 'podCpuAmount',
  disk: 'podDiskAmount',
  'storage-standard': 'storageStandardAmount',
  'storage-high-performance': 'storageHighPerformanceAmount',
}

export const bills = {
  total: {
    subject: null,
    countField: null,
    amounts: [
      ...Object.values(totalKinds),
      'serverlessGpuAmount',
      'serverlessCpuAmount',
      'serverlessDiskAmount',
      'serverlessFeeAmount',
      'endpointAmount',
      'clusterGpuAmount',
      'clusterDiskAmount',
      'clusterNetworkingAmount',
    ],
    amountOf: ({ owner, kind }) =>
      owner.clusterId === null
        ? totalKinds[kind]
        : kind === 'disk'
          ? 'clusterDiskAmount'
          : 'clusterGpuAmount',
    subjectOf: () => '',
  },
  pods: {
    subject: 'podId',
    countField: 'uniquePodCount',
    amounts: ['gpuAmount', 'cpuAmount', 'diskAmount'],
    amountOf: ({ owner, kind }) =>
      owner.kind === 'pod' && owner.clusterId === null ? (podKinds[kind] ?? null) : null,
    subjectOf: ownId,
  },
  volumes: {
    subject: 'networkVolumeId',
    countField: 'uniqueNetworkVolumeCount',
    amounts: ['standardAmount', 'highPerformanceAmount'],
    amountOf: ({ kind }) => volumeKinds[kind] ?? null,
    subjectOf: ownId,
  },
  clusters: {
    subject: 'clusterId',
    countField: 'uniqueClusterCount',
    amounts: ['gpuAmount', 'diskAmount', 'networkingAmount'],
    amountOf: ({ owner, kind }) =>
      owner.clusterId === null ? null : kind === 'disk' ? 'diskAmount' : 'gpuAmount',
    subjectOf: ({ owner }) => owner.clusterId ?? '',
  },
  serverless: {
    subject: 'serverlessId',
    countField: 'uniqueServerlessCount',
    amounts: ['gpuAmount', 'cpuAmount', 'diskAmount', 'feeAmount'],
    amountOf: noAmount,
    subjectOf: ownId,
  },
  endpoints: { subject: null, countField: null, amounts: [], amountOf: noAmount, subjectOf: ownId },
} as const satisfies Record<string, BillLayout>

/** Answers a billing route with finalized history in buckets; a bucket without costs is left out. */
export function handleBilling(bill: BillLayout, query: URLSearchParams, world: World): Reply {
  const nowMs = world.nowMs()
  const window = billingWindow(query, world.time.toWallMs(nowMs))
  if ('status' in window) return window
  const filter = bill.subject === null ? null : query.get(bill.subject)
  const records = recordsOf(bill, window, filter, world, billedUntil(nowMs))
  const subjects = new Set(records.map((record) => record.subject))
  return json({
    records: records.map(({ startMs, subject, amounts }) => ({
      startTime: stamp(startMs),
      endTime: stamp(bucketAfter(startMs, window.size)),
      ...(bill.subject !== null && { [bill.subject]: subject }),
      ...toAmounts(bill, amounts),
    })),
    metadata: {
      query: {
        startTime: stamp(window.startMs),
        endTime: stamp(window.endMs),
        bucketSize: window.size,
        ...(bill.subject !== null && { [bill.subject]: filter }),
      },
      recordCount: records.length,
      ...(bill.countField !== null && { [bill.countField]: subjects.size }),
      totals: toAmounts(bill, sumOf(records.map((record) => record.amounts))),
    },
  })
}

/** Simulated ms up to which costs are billed. */
export function billedUntil(nowMs: number): number {
  return Math.floor((nowMs - LAG_MS) / BILLED_EVERY_MS) * BILLED_EVERY_MS
}

interface BillingRecord {
  readonly startMs: number
  readonly subject: string
  readonly amounts: Amounts
}

function recordsOf(
  bill: BillLayout,
  window: BillingWindow,
  filter: string | null,
  world: World,
  untilMs: number,
): readonly BillingRecord[] {
  const records = new Map<string, { startMs: number; subject: string; amounts: Record<string, number> }>()
  for (const charge of world.ledger.charges()) {
    const name = bill.amountOf(charge)
    const subject = bill.subjectOf(charge)
    if (name === null || (filter !== null && subject !== filter)) continue
    for (const { startMs, microUsd } of bucketsOf(charge, window, world, untilMs)) {
      const key = `${startMs}/${subject}`
      const record = records.get(key) ?? { startMs, subject, amounts: {} }
      record.amounts[name] = (record.amounts[name] ?? 0) + microUsd
      records.set(key, record)
    }
  }
  return [...records.values()].sort((a, b) => a.startMs - b.startMs || (a.subject < b.subject ? -1 : 1))
}

/** A charge, split at bucket boundaries. */
function* bucketsOf(charge: Charge, { startMs, endMs, size }: BillingWindow, world: World, untilMs: number) {
  const { time } = world
  const lastMs = Math.min(endMs, time.toWallMs(Math.min(untilMs, charge.toMs ?? untilMs)))
  let fromMs = bucketStart(Math.max(startMs, time.toWallMs(charge.fromMs)), size)
  while (fromMs < lastMs) {
    const toMs = bucketAfter(fromMs, size)
    const microUsd = chargeMicroUsd(
      charge,
      time.toSimulatedMs(fromMs),
      Math.min(untilMs, time.toSimulatedMs(toMs)),
    )
    if (microUsd > 0) yield { startMs: fromMs, microUsd }
    fromMs = toMs
  }
}

function sumOf(all: readonly Amounts[]): Amounts {
  const sum: Record<string, number> = {}
  for (const amounts of all) {
    for (const [name, microUsd] of Object.entries(amounts)) sum[name] = (sum[name] ?? 0) + microUsd
  }
  return sum
}

function toAmounts(bill: BillLayout, amounts: Amounts): Readonly<Record<string, number>> {
  const totalMicroUsd = Object.values(amounts).reduce((sum, each) => sum + each, 0)
  const named = bill.amounts.map((name) => [name, usdOf(amounts[name] ?? 0)] as const)
  return { totalAmount: usdOf(totalMicroUsd), ...Object.fromEntries(named) }
}

const stamp = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z')
