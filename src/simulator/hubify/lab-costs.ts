import { bucketAfter, bucketStart } from '../api/billing/buckets'
import type { Experiment, SimulatedLab } from '../labs/labs'
import type { LabPodState } from '../labs/lab-pod'
import { type Charge, chargeMicroUsd } from '../ledger/ledger'
import { usdOf } from '../ledger/rates'
import type { World } from '../world/world'
import { gpuTypeOf } from './api-lab-pod'
import { HOUR_MS } from '../../core/base/time/time'

const MAX_EXPERIMENTS = 200

interface LabPodCost {
  readonly gpuMicroUsd: number
  readonly storageMicroUsd: number
  /** Hours that the pod was paid for, times its GPUs. */
  readonly gpuHours: number
}

/** The body of `GET /v1/costs`. Only `liveRunning.costUsd` has a name in the documents. */
export function labCosts(
  lab: SimulatedLab,
  pods: readonly LabPodState[],
  experiments: readonly Experiment[],
  world: World,
): unknown {
  const nowMs = world.nowMs()
  const costs = podCosts(pods, world, 0, nowMs)
  const gpuMicroUsd = sum(costs, ({ gpuMicroUsd: each }) => each)
  const storageMicroUsd = sum(costs, ({ storageMicroUsd: each }) => each)
  const running = pods.filter(({ record, status }) => status === 'running' && nowMs >= record.readyAtMs)
  const liveUsd = sum(
    running,
    ({ record }) => (record.spec.costPerHourUsd * (nowMs - record.readyAtMs)) / HOUR_MS,
  )
  return {
    summary: {
      totalUsd: usdOf(gpuMicroUsd + storageMicroUsd) + lab.languageModelUsd,
      gpuUsd: usdOf(gpuMicroUsd),
      gpuHours: rounded(
        sum(costs, ({ gpuHours }) => gpuHours),
        2,
      ),
      llmUsd: lab.languageModelUsd,
      storageUsd: usdOf(storageMicroUsd),
      liveRunning: { costUsd: rounded(liveUsd, 6), podCount: running.length },
    },
    experiments: experiments
      .filter(({ costUsd }) => costUsd > 0)
      .slice(0, MAX_EXPERIMENTS)
      .map(({ experimentId, title, status, costUsd, createdAtMs }) => ({
        experimentId,
        title,
        status,
        costUsd,
        createdAt: Math.round(world.time.toWallMs(createdAtMs)),
      })),
  }
}

/** What the pods of a lab cost in a month: `current`, or such as `2026-11`. Null for anything else. */
export function monthlyPodCosts(month: string, pods: readonly LabPodState[], world: World): unknown {
  const startMs = monthStart(month, world.time.toWallMs(world.nowMs()))
  if (startMs === null) return null
  const fromMs = world.time.toSimulatedMs(startMs)
  const toMs = Math.min(world.nowMs(), world.time.toSimulatedMs(bucketAfter(startMs, 'month')))
  const costs = podCosts(pods, world, fromMs, toMs)
  const rows = pods.map(({ pod, record, status }, index) => {
    const { gpuMicroUsd, storageMicroUsd, gpuHours } = costs[index] ?? noCost
    return {
      podId: pod.documentId,
      gpuType: gpuTypeOf(record),
      status,
      gpuHours: rounded(gpuHours, 2),
      costUsd: usdOf(gpuMicroUsd + storageMicroUsd),
    }
  })
  return {
    month: new Date(startMs).toISOString().slice(0, 7),
    totalUsd: usdOf(sum(costs, ({ gpuMicroUsd, storageMicroUsd }) => gpuMicroUsd + storageMicroUsd)),
    gpuHours: rounded(
      sum(costs, ({ gpuHours }) => gpuHours),
      2,
    ),
    pods: rows,
  }
}

function monthStart(month: string, nowMs: number): number | null {
  if (month === 'current') return bucketStart(nowMs, 'month')
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? Date.parse(`${month}-01T00:00:00Z`) : null
}

const noCost: LabPodCost = { gpuMicroUsd: 0, storageMicroUsd: 0, gpuHours: 0 }

/** Simulated ms. In the order of `pods`. */
function podCosts(
  pods: readonly LabPodState[],
  world: World,
  fromMs: number,
  toMs: number,
): readonly LabPodCost[] {
  const charges = world.ledger.charges()
  return pods.map(({ record }) => {
    const own = charges.filter(({ owner }) => owner.kind === 'pod' && owner.id === record.id)
    const compute = own.filter(({ kind }) => kind !== 'disk')
    const storage = own.filter(({ kind }) => kind === 'disk')
    const cost = (each: Charge): number => chargeMicroUsd(each, fromMs, toMs)
    const hours = (each: Charge): number =>
      Math.max(0, Math.min(each.toMs ?? toMs, toMs) - Math.max(each.fromMs, fromMs)) / HOUR_MS
    return {
      gpuMicroUsd: sum(compute, cost),
      storageMicroUsd: sum(storage, cost),
      gpuHours: sum(compute, hours) * (record.spec.gpu?.count ?? 0),
    }
  })
}

function sum<T>(items: readonly T[], valueOf: (item: T) => number): number {
  return items.reduce((total, item) => total + valueOf(item), 0)
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits))
