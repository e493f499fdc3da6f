import { gpuCountOf, modeAt, type PodRecord } from './pod-record'
import { between } from './seeded-random'
import { telemetryAt, type TelemetryInput } from './telemetry'
import { hasContainerEnded, uptimeS } from './container'

/*
 * A pod's `runtime` as the API shows it, which can be older than what is so in the pod: figures are refreshed now and
 * then, or not at all.
 */

interface RuntimeView {
  readonly seed: number
  readonly nowMs: number
  /** How often the account's figures are refreshed; 0: at each look. */
  readonly metricsEveryS: number
}

/** What is measured in the pod at a time; null if it has no container then. */
export function telemetryInputAt(pod: PodRecord, seed: number, atMs: number): TelemetryInput | null {
  const uptime = uptimeS(pod, atMs)
  if (uptime === null) return null
  return {
    seed,
    podId: pod.id,
    mode: isWorkingAt(pod, atMs) ? 'training' : modeAt(pod, atMs),
    workedUntilUptimeS: pod.work === null ? 0 : (pod.work.untilMs - pod.containerStartedAtMs) / 1_000,
    gpuCount: gpuCountOf(pod),
    idleAfterMin: pod.spec.idleAfterMin,
    uptimeS: uptime,
  }
}

/** `work` says when a job began if it runs, and otherwise when it ended. */
function isWorkingAt({ work }: PodRecord, atMs: number): boolean {
  return work !== null && (work.isRunning ? atMs >= work.untilMs : atMs < work.untilMs)
}

/** The pod's `runtime` without ports: `uptime` and figures; null without a container. */
export function reportedRuntime(pod: PodRecord, view: RuntimeView): Readonly<Record<string, unknown>> | null {
  const atMs = refreshedAtMs(pod, view)
  const input = telemetryInputAt(pod, view.seed, atMs)
  if (input !== null) return withoutMissing(pod, { uptime: input.uptimeS, ...telemetryAt(input) })
  if (pod.spec.downAs === 'gone' || !hasContainerEnded(pod, atMs)) return null
  return withoutMissing(pod, { uptime: negativeUptimeS(pod, view.seed, atMs), ...endedFigures(pod) })
}

function withoutMissing(
  { spec }: PodRecord,
  runtime: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(runtime).filter(([name]) => !spec.missingFigures.some((each) => each === name)),
  )
}

/** When the figures that the API shows now were measured. After a start the first comes with the container. */
function refreshedAtMs(pod: PodRecord, { seed, nowMs, metricsEveryS }: RuntimeView): number {
  const { containerStartedAtMs, spec, frozenSinceMs } = pod
  const untilMs = frozenSinceMs === null ? nowMs : Math.min(nowMs, frozenSinceMs)
  const everyMs = (spec.metricsEveryS ?? metricsEveryS) * 1_000
  const upMs = untilMs - containerStartedAtMs
  if (upMs < 0) return nowMs
  if (everyMs === 0) return untilMs
  const firstMs = (between(0, 999, seed, pod.id, 'refresh') / 1_000) * everyMs
  if (upMs < firstMs) return containerStartedAtMs
  return containerStartedAtMs + firstMs + Math.floor((upMs - firstMs) / everyMs) * everyMs
}

/** The values that live witnesses saw, another every few seconds. */
const negativeUptimeS = (pod: PodRecord, seed: number, atMs: number): number =>
  -between(1, 17, seed, pod.id, 'negative', Math.floor(atMs / 5_000))

/** What a host reports of a container that doesn't run. */
function endedFigures(pod: PodRecord): Readonly<Record<string, unknown>> {
  const gpus = Array.from({ length: gpuCountOf(pod) }, () => ({ util: 0, memoryUtil: 0 }))
  return { ...(gpus.length > 0 && { gpus }), cpu: { util: 0 }, memory: { util: 0 } }
}
