import type { Pod, PodAction } from '../../src/core/pods/pod'
import type {
  PodList,
  Provider,
  ProviderError,
  ProviderErrorKind,
  ServerTime,
} from '../../src/core/pods/provider'
import { fail, ok, type Result } from '../../src/core/base/result'
import { SECOND_MS } from '../../src/core/base/time/time'
import type { SeededRandom } from '../seeded-random'
import type { ActionFault } from './account-script'
import type { KnownFacts } from './malformations'
import type { TelemetrySample } from './pod-script'
import { withTelemetry } from './pod-replies'
import type { TelemetryDelivery } from './telemetry-faults'
import type { RunClock, SettableClock } from './virtual-clock'
import type { CloudPod } from './cloud-pod'
import type { VirtualCloud } from './virtual-cloud'

/** What a response showed of one pod, once the program has it. `askedAtMs`: true time of its request. */
export interface Observation {
  readonly podId: string
  readonly askedAtMs: number
  readonly pod: Pod
  readonly known: KnownFacts
  readonly sample: TelemetrySample | null
}

/** How the API responds at the moment. */
export interface NetworkConditions {
  readonly failure: ProviderErrorKind | null
  /** `Retry-After` of a 429. */
  readonly retryAfterMs: number
  readonly isPartial: boolean
}

/** The answer to an action. `isUnclear`: the program cannot know whether it took effect. */
export interface ActionAnswer {
  readonly failure: ProviderErrorKind | null
  readonly isUnclear: boolean
}

export interface VirtualProviderOptions {
  readonly cloud: VirtualCloud
  readonly clock: SettableClock
  /** Of the program that asks. */
  readonly runClock: Pick<RunClock, 'now'>
  readonly random: SeededRandom
  readonly conditions: () => NetworkConditions
  readonly delivery: TelemetryDelivery
  /** How many actions on each pod the API has refused so far. */
  readonly refusals: Map<string, number>
  /** The spacing of lists that the quota allows. */
  readonly minPollIntervalMs: number
  /** A list is requested. */
  readonly onListing: () => void
  /** The program has received a response: a list, or a single pod. */
  readonly onSeen: (seen: readonly Observation[], isList: boolean) => void
  /** An action request is sent. */
  readonly onSending: (podId: string, action: PodAction, answer: ActionAnswer) => void
  /** An action took effect, whatever the response says. */
  readonly onAction: (podId: string, action: PodAction) => void
}

/**
 * A cloud's API as seen by the program: sometimes late, sometimes wrong, depending on the faults. It has no balance.
 */
export function createVirtualProvider(options: VirtualProviderOptions): Provider {
  const { cloud, clock, random, conditions, delivery, refusals, onSeen, onSending, onAction } = options
  const reads = new Set<() => void>()
  /** By the header of the last reply, which has whole seconds. */
  let serverTime: ServerTime | null = null

  /** Most responses are fast, some take seconds. */
  const latencyMs = (): number => (random.bool(0.92) ? random.between(20, 300) : random.between(300, 9_000))

  async function read<T>(answer: () => Result<T, ProviderError>, deliver: (value: T) => void) {
    const waitMs = latencyMs()
    const repliedAtMs = Math.floor(clock.trueMs() / SECOND_MS) * SECOND_MS
    let result = answer()
    const hasArrived = await new Promise<boolean>((settle) => {
      const cancel = clock.at(clock.trueMs() + waitMs, () => {
        reads.delete(abort)
        settle(true)
      })
      const abort = (): void => {
        cancel()
        reads.delete(abort)
        settle(false)
      }
      reads.add(abort)
    })
    if (!hasArrived || clock.isAsleep()) result = fail(providerErrorOf('unreachable'))
    if (!result.ok) return result
    serverTime = { atMs: repliedAtMs, receivedAt: options.runClock.now() }
    deliver(result.value)
    return result
  }

  const providerErrorOf = (kind: ProviderErrorKind): ProviderError => ({
    kind,
    message: `It said ${kind}.`,
    status: null,
    retryAfterMs: kind === 'rate-limited' ? conditions().retryAfterMs : null,
    requestId: null,
  })

  /** Why the API refuses this action, because of its condition or the pod's. */
  function failureOf(podId: string): ProviderErrorKind | null {
    const { failure } = conditions()
    const fault: ActionFault | null = cloud.pod(podId)?.plan.actionFault ?? null
    if (failure !== null || fault === null) return failure
    const refused = refusals.get(podId) ?? 0
    if (refused >= fault.times) return null
    refusals.set(podId, refused + 1)
    return fault.how
  }

  async function act(podId: string, action: PodAction): Promise<Result<Pod | null, ProviderError>> {
    const failure = failureOf(podId)
    const isUnclear = failure === 'unreachable' || failure === 'unreadable'
    onSending(podId, action, { failure, isUnclear })
    const isLost = isUnclear && random.bool(0.5)
    if (failure !== null && !isLost) return fail(providerErrorOf(failure))
    if (!cloud.act(podId, action)) return fail(providerErrorOf('conflict'))
    onAction(podId, action)
    if (isLost) return fail(providerErrorOf('unreachable'))
    const pod = cloud.pod(podId)
    if (!pod || random.bool(0.5)) return ok(null)
    const observation = observe(pod, clock.trueMs())
    onSeen([observation], false)
    return ok(observation.pod)
  }

  /** What a reply shows of the pod, imperfect telemetry included. */
  function observe(truth: CloudPod, askedAtMs: number): Observation {
    const { pod, known, sample: exact } = cloud.replyOf(truth)
    const podId = truth.plan.id
    if (exact === null) return { podId, askedAtMs, pod, known, sample: null }
    const sample = delivery.deliver(truth.plan.seed, exact, askedAtMs)
    // Text is parsed together with the pod, so that the parser decides what it is worth.
    const isParsed = sample.isText
    return {
      podId,
      askedAtMs,
      pod: isParsed ? pod : withTelemetry(pod, sample.telemetry),
      known,
      sample: isParsed ? { ...sample, telemetry: pod.telemetry } : sample,
    }
  }

  return {
    listPods() {
      const askedAtMs = clock.trueMs()
      const seen: Observation[] = []
      options.onListing()
      return read<PodList>(
        () => {
          const { failure, isPartial } = conditions()
          if (failure !== null) return fail(providerErrorOf(failure))
          for (const truth of cloud.pods()) {
            if (truth.status === 'gone' || (isPartial && random.bool(0.4))) continue
            seen.push(observe(truth, askedAtMs))
          }
          return ok({ pods: seen.map(({ pod }) => pod), isComplete: !isPartial })
        },
        () => onSeen(seen, true),
      )
    },
    getPod(podId) {
      const askedAtMs = clock.trueMs()
      let seen: Observation | undefined
      return read<Pod>(
        () => {
          const { failure } = conditions()
          if (failure !== null) return fail(providerErrorOf(failure))
          const truth = cloud.pod(podId)
          if (!truth || truth.status === 'gone') return fail(providerErrorOf('not-found'))
          seen = observe(truth, askedAtMs)
          return ok(seen.pod)
        },
        () => seen && onSeen([seen], false),
      )
    },
    act,
    terminatePod: (podId) => act(podId, 'terminate'),
    minPollIntervalMs: () => options.minPollIntervalMs,
    serverTime: () => serverTime,
    abortReads() {
      for (const abort of reads) abort()
    },
  }
}
