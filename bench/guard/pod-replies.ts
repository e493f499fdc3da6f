import type { Pod, Telemetry } from '../../src/core/pods/pod'
import { parsePod } from '../../src/providers/runpod/parse/parse-pod'
import { SECOND_MS } from '../../src/core/base/time/time'
import { type KnownFacts, knownFactsOf, toWirePod, type WireFacts } from './malformations'
import { sampleAt, type TelemetrySample } from './pod-script'
import type { CloudPod } from './cloud-pod'

/** What a reply tells of a pod: as the program parses it, and as a careful reader understands it. */
export interface PodReply {
  readonly pod: Pod
  readonly known: KnownFacts
  /** Null unless the pod runs. */
  readonly sample: TelemetrySample | null
}

/** Parses a pod's description once for each state that it is in, because parsing all of it each time is slow. */
interface Description {
  readonly facts: WireFacts
  readonly status: CloudPod['status']
  readonly startedAtMs: number
  readonly wire: Record<string, unknown>
  readonly pod: Pod
  readonly known: KnownFacts
}

const API_STATUS: Readonly<Record<CloudPod['status'], string>> = {
  creating: 'STARTING',
  running: 'RUNNING',
  stopped: 'EXITED',
  gone: 'TERMINATED',
}

export interface PodReplies {
  replyOf(truth: CloudPod, actions: readonly string[], nowMs: number): PodReply
}

/** `bootMs`: the time after a container's start that is not judged. */
export function createPodReplies(bootMs: number): PodReplies {
  const descriptions = new Map<string, Description>()

  function describe(truth: CloudPod, actions: readonly string[]): Description {
    const { plan, status, startedAtMs } = truth
    const before = descriptions.get(plan.id)
    if (before?.status === status && before.startedAtMs === startedAtMs) return before
    const facts: WireFacts = {
      ...plan,
      status: API_STATUS[status],
      actions,
      costPerHourUsd: status === 'running' ? plan.costPerHourUsd : 0,
      startedAtMs,
    }
    const wire = toWirePod(facts, plan.malformation)
    const known = knownFactsOf(facts, plan.malformation)
    const description = { facts, status, startedAtMs, wire, known, pod: parsed(wire) }
    descriptions.set(plan.id, description)
    return description
  }

  return {
    replyOf(truth, actions, nowMs) {
      const { plan, containerSinceMs } = truth
      const { wire, pod, known } = describe(truth, actions)
      if (truth.status !== 'running') return { pod, known, sample: null }
      const uptimeS = Math.floor((nowMs - containerSinceMs) / SECOND_MS)
      const judged = sampleAt(plan, nowMs, uptimeS, bootMs / SECOND_MS, known.cores)
      const sample: TelemetrySample = known.hasGpuCount ? judged : { ...judged, truth: 'unknown' }
      const { telemetry } = sample
      if (!sample.isText || telemetry === null) return { pod: withTelemetry(pod, telemetry), known, sample }
      return { pod: parsed({ ...wire, runtime: toTextRuntime(telemetry) }), known, sample }
    },
  }
}

/** The pod as parsed from a reply with these figures, whose uptime shows its container, too. */
export const withTelemetry = (pod: Pod, telemetry: Telemetry | null): Pod => ({
  ...pod,
  telemetry,
  ...(pod.container && { container: { ...pod.container, uptimeS: telemetry?.uptimeS ?? null } }),
})

function parsed(wire: Record<string, unknown>): Pod {
  const pod = parsePod(wire)
  if (pod === null) throw new Error('the API described a pod that cannot be read at all')
  return pod
}

/** `runtime` as the API would send it with text for numbers. */
function toTextRuntime({ gpus, cpuUtilPercent, memoryUtilPercent, uptimeS }: Telemetry): unknown {
  return {
    uptime: uptimeS,
    gpus: gpus.map(({ utilPercent, memoryUtilPercent: memory }) => ({
      util: String(utilPercent),
      memoryUtil: memory,
    })),
    cpu: { util: String(cpuUtilPercent) },
    memory: { util: memoryUtilPercent },
  }
}
