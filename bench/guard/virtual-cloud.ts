import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import type { PodPlan } from './account-script'
import type { SeededRandom } from '../seeded-random'
import type { CloudPod } from './cloud-pod'
import { createPodReplies, type PodReply } from './pod-replies'

/** The simulated cloud: pods that follow their scripts and react to actions. */
export interface VirtualCloud {
  pods(): readonly CloudPod[]
  pod(podId: string): CloudPod | null
  /** What the API would return for a pod now. */
  replyOf(pod: CloudPod): PodReply
  /**
   * The maximum USD that the pod can have cost since then (true time): its price while running, otherwise its volume.
   */
  maxSpendUsd(podId: string, sinceMs: number): number
  /**
   * False if the action is not valid in the present state (409). It takes effect within a minute, or a few for a start.
   */
  act(podId: string, action: 'start' | 'stop' | 'restart' | 'terminate'): boolean
  /** An immediate change that nobody requested: a container that restarts, a pod that disappears. */
  failPod(podId: string, what: 'crash' | 'vanish'): void
}

/** 100 GB at $0.20 for a month of 720 h. */
const STOPPED_VOLUME_USD_PER_HOUR = 20 / 720

export interface CloudOptions {
  readonly plans: readonly PodPlan[]
  readonly fromMs: number
  readonly bootMs: number
  readonly random: SeededRandom
  readonly nowMs: () => number
  readonly at: (trueMs: number, run: () => void) => unknown
}

export function createVirtualCloud({ plans, fromMs, bootMs, random, nowMs, at }: CloudOptions): VirtualCloud {
  const pods = new Map<string, CloudPod>(
    plans.map((plan) => {
      const startedAtMs = fromMs - plan.startedBeforeMs
      return [plan.id, { plan, status: 'running', startedAtMs, containerSinceMs: startedAtMs }]
    }),
  )
  /** When each pod started and stopped running, alternating. */
  const statusChangesMs = new Map(plans.map(({ id, startedBeforeMs }) => [id, [fromMs - startedBeforeMs]]))
  const replies = createPodReplies(bootMs)
  const change = (podId: string, changes: Partial<CloudPod>): void => {
    const pod = pods.get(podId)
    if (!pod || pod.status === 'gone') return
    const next = { ...pod, ...changes }
    if ((next.status === 'running') !== (pod.status === 'running')) statusChangesMs.get(podId)?.push(nowMs())
    pods.set(podId, next)
  }

  function completeAction(podId: string, action: 'start' | 'stop' | 'restart' | 'terminate'): void {
    const now = nowMs()
    if (action === 'stop') change(podId, { status: 'stopped' })
    if (action === 'terminate') change(podId, { status: 'gone' })
    if (action === 'restart') change(podId, { startedAtMs: now, containerSinceMs: now })
    if (action === 'start') change(podId, { status: 'running', startedAtMs: now, containerSinceMs: now })
  }

  return {
    pods: () => [...pods.values()],
    pod: (podId) => pods.get(podId) ?? null,
    replyOf: (pod) => replies.replyOf(pod, actionsOf(pod), nowMs()),
    maxSpendUsd(podId, sinceMs) {
      const { costPerHourUsd, volume } = pods.get(podId)?.plan ?? {}
      const rates = [costPerHourUsd ?? 0, volume === 'own' ? STOPPED_VOLUME_USD_PER_HOUR : 0]
      const times = [...(statusChangesMs.get(podId) ?? []), nowMs()].map((changeMs) =>
        Math.max(sinceMs, changeMs),
      )
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
        action === 'start' ? random.between(0.2, 5) * MINUTE_MS : random.between(1, 50) * SECOND_MS
      at(nowMs() + tookMs, () => completeAction(podId, action))
      return true
    },
    failPod(podId, what) {
      if (what === 'vanish') change(podId, { status: 'gone' })
      else if (pods.get(podId)?.status === 'running') change(podId, { containerSinceMs: nowMs() })
    },
  }
}

function actionsOf({ status, plan }: CloudPod): readonly string[] {
  if (status === 'stopped') return ['start', 'terminate']
  if (status !== 'running') return ['terminate']
  return plan.isLocked === true ? [] : ['stop', 'restart', 'terminate']
}
