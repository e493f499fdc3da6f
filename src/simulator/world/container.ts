import { MINUTE_MS } from '../../core/base/time/time'
import { type PodRecord, statusAt } from './pod-record'

/*
 * Whether a pod's container is up, which its status doesn't say: a pod is RUNNING while its image is pulled, and after
 * its command ended.
 */

/** Since when the container that is up now has been up, simulated ms; null if none is. */
export function upSinceMs(pod: PodRecord, nowMs: number): number | null {
  const { mode, containerStartedAtMs, spec } = pod
  if (statusAt(pod, nowMs) !== 'RUNNING' || nowMs < containerStartedAtMs || mode === 'image-missing')
    return null
  if (mode === 'container-dead') return nowMs < diedAtMs(pod) ? containerStartedAtMs : null
  if (mode !== 'crash-loop') return containerStartedAtMs
  const everyMs = spec.crashEveryS * 1_000
  const startedAtMs = nowMs - ((nowMs - containerStartedAtMs) % everyMs)
  return nowMs - startedAtMs < spec.crashUpS * 1_000 ? startedAtMs : null
}

/** Whole seconds since the container started; null if none is up. */
export function uptimeS(pod: PodRecord, nowMs: number): number | null {
  const sinceMs = upSinceMs(pod, nowMs)
  return sinceMs === null ? null : Math.floor((nowMs - sinceMs) / 1_000)
}

/** When the command of a pod with `container-dead` ends or ended. */
export function diedAtMs({ containerStartedAtMs, modeSinceMs, spec }: PodRecord): number {
  return Math.max(containerStartedAtMs + spec.diesAfterMin * MINUTE_MS, modeSinceMs ?? 0)
}

/** Whether a container of this run was up and ended, while the pod is still RUNNING. */
export function hasContainerEnded(pod: PodRecord, nowMs: number): boolean {
  const canEnd = pod.mode === 'crash-loop' || pod.mode === 'container-dead'
  return canEnd && statusAt(pod, nowMs) === 'RUNNING' && nowMs >= pod.containerStartedAtMs
}

/** When a container starts or ends next by what the pod does, simulated ms; null: it doesn't. */
export function nextContainerChangeMs(pod: PodRecord, nowMs: number): number | null {
  const { mode, containerStartedAtMs, readyAtMs, spec } = pod
  const changes = [readyAtMs, containerStartedAtMs]
  if (mode === 'container-dead') changes.push(diedAtMs(pod))
  if (mode === 'crash-loop' && spec.crashUpS > 0) {
    const everyMs = spec.crashEveryS * 1_000
    const lastMs = nowMs - ((nowMs - containerStartedAtMs) % everyMs)
    changes.push(lastMs + spec.crashUpS * 1_000, lastMs + everyMs)
  }
  const nextMs = Math.min(...changes.filter((atMs) => atMs > nowMs))
  return Number.isFinite(nextMs) ? nextMs : null
}
