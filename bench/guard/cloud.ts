import type { Pod } from '../../src/core/pods/pod'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time'
import type { PodPlan } from './account-script'
import type { Chance } from '../chance'
import { type Look, lookAt } from './pod-script'

/** A pod as it truly is. */
export interface TruePod {
  readonly plan: PodPlan
  readonly status: 'creating' | 'running' | 'stopped' | 'gone'
  readonly startedAtMs: number
  /** When its container began: another moment than its start, after a restart. */
  readonly containerSinceMs: number
}

/** The cloud: pods that live by their scripts and by what is done to them. */
export interface Cloud {
  pods(): readonly TruePod[]
  pod(podId: string): TruePod | null
  /** What the API would tell of a pod now, and what is true of it; the look is null unless it runs. */
  show(pod: TruePod): { readonly pod: Pod; readonly look: Look | null }
  /** USD that the pod can have cost since then (true time) at most: while it ran, its price, and else its volume. */
  spentAtMostUsd(podId: string, sinceMs: number): number
  /** False: not valid in its present state (409). It is done within a minute, or some for a start. */
  act(podId: string, action: 'start' | 'stop' | 'restart' | 'terminate'): boolean
  /** At once, by nobody's order: a container that begins anew, a pod that is gone. */
  befall(podId: string, what: 'crash' | 'vanish'): void
}

/** Of 100 GB at $0.20 for a month of 720 h. */
const STOPPED_VOLUME_USD_PER_HOUR = 20 / 720

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
      return [plan.id, { plan, status: 'running', startedAtMs, containerSinceMs: startedAtMs }]
    }),
  )
  /** When each pod began and ended to run, in turn. */
  const turns = new Map(plans.map(({ id, startedBeforeMs }) => [id, [fromMs - startedBeforeMs]]))
  const change = (podId: string, changes: Partial<TruePod>): void => {
    const pod = pods.get(podId)
    if (!pod || pod.status === 'gone') return
    const next = { ...pod, ...changes }
    if ((next.status === 'running') !== (pod.status === 'running')) turns.get(podId)?.push(nowMs())
    pods.set(podId, next)
  }

  function settle(podId: string, action: 'start' | 'stop' | 'restart' | 'terminate'): void {
    const now = nowMs()
    if (action === 'stop') change(podId, { status: 'stopped' })
    if (action === 'terminate') change(podId, { status: 'gone' })
    if (action === 'restart') change(podId, { startedAtMs: now, containerSinceMs: now })
    if (action === 'start') change(podId, { status: 'running', startedAtMs: now, containerSinceMs: now })
  }

  return {
    pods: () => [...pods.values()],
    pod: (podId) => pods.get(podId) ?? null,
    show: (pod) => show(pod, nowMs(), bootMs),
    spentAtMostUsd(podId, sinceMs) {
      const { costPerHourUsd, volume } = pods.get(podId)?.plan ?? {}
      const rates = [costPerHourUsd ?? 0, volume === 'own' ? STOPPED_VOLUME_USD_PER_HOUR : 0]
      const times = [...(turns.get(podId) ?? []), nowMs()].map((turnMs) => Math.max(sinceMs, turnMs))
      return times.slice(1).reduce((usd, toMs, index) => {
        const hours = (toMs - (times[index] ?? toMs)) / HOUR_MS
        return usd + hours * (rates[index % 2] ?? 0)
      }, 0)
    },
    act(podId, action) {
      const pod = pods.get(podId)
      if (!pod || !actionsOf(pod).includes(action)) return false
      if (action === 'start') change(podId, { status: 'creating' })
      const tookMs =
        action === 'start' ? chance.between(0.2, 5) * MINUTE_MS : chance.between(1, 50) * SECOND_MS
      at(nowMs() + tookMs, () => settle(podId, action))
      return true
    },
    befall(podId, what) {
      if (what === 'vanish') change(podId, { status: 'gone' })
      else if (pods.get(podId)?.status === 'running') change(podId, { containerSinceMs: nowMs() })
    },
  }
}

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
