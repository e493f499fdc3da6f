import type { Pod } from '../../src/core/pod'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/time'
import type { PodPlan } from './account-script'
import type { Chance } from '../chance'
import type { Look } from './pod-script'
import { lookAt } from './pod-script'

/** A pod as it truly is. */
export interface TruePod {
  readonly plan: PodPlan
  readonly status: 'creating' | 'running' | 'stopped' | 'gone'
  readonly startedAtMs: number
  /** When its container began: another moment than its start, after a restart. */
  readonly containerSinceMs: number
  /** For how long it ran before this start, milliseconds. */
  readonly ranBeforeMs: number
}

/** The cloud: pods that live by their scripts and by what is done to them. */
export interface Cloud {
  pods(): readonly TruePod[]
  pod(podId: string): TruePod | null
  /** What the API would tell of a pod now, and what is true of it; the look is null unless it runs. */
  show(pod: TruePod): { readonly pod: Pod; readonly look: Look | null }
  /** False: not valid in its present state (409). It is done within a minute, or some for a start. */
  act(podId: string, action: 'start' | 'stop' | 'restart' | 'terminate'): boolean
  /** What the pod can have cost at most until now, USD: what it runs for, and its disk all the time. */
  spentAtMostUsd(podId: string): number
  /** At once, by nobody's order: a container that begins anew, a pod that is gone. */
  befall(podId: string, what: 'crash' | 'vanish'): void
}

export interface CloudOptions {
  readonly plans: readonly PodPlan[]
  readonly fromMs: number
  readonly bootMs: number
  readonly chance: Chance
  readonly nowMs: () => number
  readonly at: (trueMs: number, run: () => void) => unknown
}

export function createCloud({ plans, fromMs, bootMs, chance, nowMs, at }: CloudOptions): Cloud {
  const pods = new Map<string, TruePod>(
    plans.map((plan) => {
      const startedAtMs = fromMs - plan.startedBeforeMs
      return [
        plan.id,
        { plan, status: 'running', startedAtMs, containerSinceMs: startedAtMs, ranBeforeMs: 0 },
      ]
    }),
  )
  const change = (podId: string, changes: Partial<TruePod>): void => {
    const pod = pods.get(podId)
    if (pod && pod.status !== 'gone') pods.set(podId, { ...pod, ...changes })
  }

  /** Until now, milliseconds. */
  function ranMs({ status, startedAtMs, ranBeforeMs }: TruePod): number {
    return ranBeforeMs + (status === 'running' ? nowMs() - startedAtMs : 0)
  }

  function settle(podId: string, action: 'start' | 'stop' | 'restart' | 'terminate'): void {
    const now = nowMs()
    const pod = pods.get(podId)
    if (pod) change(podId, { ranBeforeMs: ranMs(pod) })
    if (action === 'stop') change(podId, { status: 'stopped' })
    if (action === 'terminate') change(podId, { status: 'gone' })
    if (action === 'restart') change(podId, { startedAtMs: now, containerSinceMs: now })
    if (action === 'start') change(podId, { status: 'running', startedAtMs: now, containerSinceMs: now })
  }

  return {
    pods: () => [...pods.values()],
    pod: (podId) => pods.get(podId) ?? null,
    show: (pod) => show(pod, nowMs(), bootMs),
    act(podId, action) {
      const pod = pods.get(podId)
      if (!pod || !actionsOf(pod).includes(action)) return false
      if (action === 'start') change(podId, { status: 'creating' })
      const tookMs =
        action === 'start' ? chance.between(0.2, 5) * MINUTE_MS : chance.between(1, 50) * SECOND_MS
      at(nowMs() + tookMs, () => settle(podId, action))
      return true
    },
    spentAtMostUsd(podId) {
      const pod = pods.get(podId)
      if (!pod) return 0
      const sinceMs = fromMs - pod.plan.startedBeforeMs
      const perHourUsd = pod.plan.costPerHourUsd ?? 0
      return (ranMs(pod) * perHourUsd + (nowMs() - sinceMs) * DISK_PER_HOUR_USD) / HOUR_MS
    },
    befall(podId, what) {
      if (what === 'vanish') change(podId, { status: 'gone' })
      else if (pods.get(podId)?.status === 'running') change(podId, { containerSinceMs: nowMs() })
    },
  }
}

/** 100 GB of a stopped pod. */
const DISK_PER_HOUR_USD = (100 * 0.2) / 720

function actionsOf({ status, plan }: TruePod): readonly string[] {
  if (status === 'stopped') return ['start', 'terminate']
  if (status !== 'running') return ['terminate']
  return plan.isLocked === true ? [] : ['stop', 'restart', 'terminate']
}

const SHOWN = {
  creating: ['creating', 'STARTING'],
  running: ['running', 'RUNNING'],
  stopped: ['stopped', 'EXITED'],
  gone: ['terminated', 'TERMINATED'],
} as const

function show(
  truth: TruePod,
  nowMs: number,
  bootMs: number,
): { readonly pod: Pod; readonly look: Look | null } {
  const { plan, status, startedAtMs, containerSinceMs } = truth
  const [phase, rawStatus] = SHOWN[status]
  const uptimeS = Math.floor((nowMs - containerSinceMs) / SECOND_MS)
  const look = status === 'running' ? lookAt(plan, nowMs, uptimeS, bootMs / SECOND_MS) : null
  return {
    look,
    pod: {
      id: plan.id,
      name: plan.name,
      phase,
      rawStatus,
      statusReason: null,
      actions: actionsOf(truth),
      gpu: plan.gpus === 0 ? null : { name: 'A100 SXM', count: plan.gpus },
      cpu: { name: 'EPYC' },
      vcpuCount: plan.cores,
      containerDiskGb: 40,
      persistentMount: plan.volume === 'own' ? { sizeGb: 100, path: '/workspace' } : null,
      networkMounts: plan.volume === 'network' ? [{ volumeId: 'volume-1', path: '/workspace' }] : [],
      areMountsKnown: plan.volume !== 'unreadable',
      dataCenterId: 'EU-RO-1',
      cloud: 'SECURE',
      costPerHourUsd: status === 'running' ? plan.costPerHourUsd : 0,
      isLocked: plan.isLocked,
      clusterId: plan.clusterId,
      ssh: { direct: null, proxy: null },
      telemetry: look?.telemetry ?? null,
      createdAtMs: startedAtMs - 60_000,
      startedAtMs,
    },
  }
}
