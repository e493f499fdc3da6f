import { DAY_MS } from '../../../core/base/time/time'
import { bucketAfter, type BucketSize, bucketSizes, bucketStart } from './buckets'
import { type Charge, type ChargeKind, chargeMicroUsd } from '../../ledger/ledger'
import { usdOf } from '../../ledger/rates'
import { json, problem, type Reply } from '../../http/reply'
import type { World } from '../../world/world'

const DEFAULT_MS = 30 * DAY_MS

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

/** The period of a bill in whole buckets: from `startMs` up to, but not including, `endMs`, Unix ms. */
interface BillingWindow {
  readonly startMs: number
  readonly endMs: number
  readonly size: BucketSize
}

/** The period that a query asks for, or the error reply. `nowMs` is the API's current time. */
function billingWindow(query: URLSearchParams, nowMs: number): BillingWindow | Reply {
  const size = bucketSizes.find((each) => each === (query.get('bucketSize') ?? 'day'))
  if (size === undefined) return problem(422, 'Request validation failed.', { errors: ['bucketSize'] })
  const lastN = query.get('lastN')
  if (lastN !== null) return lastBuckets(lastN, query, size, nowMs)
  const startMs = timeOf(query.get('startTime'), nowMs - DEFAULT_MS)
  const endMs = timeOf(query.get('endTime'), nowMs)
  if (startMs === null || endMs === null) {
    return problem(422, 'Request validation failed.', { errors: ['startTime and endTime are RFC 3339'] })
  }
  if (startMs >= endMs) return problem(400, 'startTime must be before endTime')
  const lastMs = bucketStart(endMs, size)
  return {
    startMs: bucketStart(startMs, size),
    endMs: lastMs === endMs ? endMs : bucketAfter(lastMs, size),
    size,
  }
}

function lastBuckets(
  lastN: string,
  query: URLSearchParams,
  size: BucketSize,
  nowMs: number,
): BillingWindow | Reply {
  if (query.has('startTime') || query.has('endTime')) {
    return problem(400, 'lastN excludes startTime and endTime')
  }
  const n = Number(lastN)
  if (!/^\d{1,6}$/.test(lastN) || n < 1) {
    return problem(422, 'Request validation failed.', { errors: ['lastN is a whole number from 1 on'] })
  }
  const currentMs = bucketStart(nowMs, size)
  return { startMs: bucketAfter(currentMs, size, 1 - n), endMs: bucketAfter(currentMs, size), size }
}

/** RFC 3339 as Unix ms, `otherwise` if absent, null for anything else. */
function timeOf(text: string | null, otherwise: number): number | null {
  if (text === null) return otherwise
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(text)) return null
  const ms = Date.parse(text.toUpperCase())
  return Number.isNaN(ms) ? null : ms
}
