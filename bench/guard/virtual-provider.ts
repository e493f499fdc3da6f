import type { Pod, PodAction } from '../../src/core/pods/pod'
import type { PodList, Provider, ProviderError, ProviderErrorKind } from '../../src/core/pods/provider'
import { fail, ok, type Result } from '../../src/core/base/result'
import type { SeededRandom } from '../seeded-random'
import type { VirtualCloud } from './virtual-cloud'
import type { TelemetrySample } from './pod-script'
import type { VirtualClock } from './virtual-clock'

/** What a response showed of one pod, once the program has it. `askedAtMs`: true time of its request. */
export interface Observation {
  readonly podId: string
  readonly askedAtMs: number
  readonly pod: Pod
  readonly sample: TelemetrySample | null
}

/** How the API responds at the moment. */
export interface NetworkConditions {
  readonly failure: ProviderErrorKind | null
  readonly isPartial: boolean
}

export interface ProviderOptions {
  readonly cloud: VirtualCloud
  readonly clock: VirtualClock
  readonly random: SeededRandom
  readonly conditions: () => NetworkConditions
  /** The program has received a response: a list, or a single pod. */
  readonly onSeen: (seen: readonly Observation[], isList: boolean) => void
  /** An action request is sent. `failure`: how it will be answered. */
  readonly onSending: (podId: string, action: PodAction, failure: ProviderErrorKind | null) => void
  /** An action took effect, whatever the response says. */
  readonly onAction: (podId: string, action: PodAction) => void
}

/**
 * A cloud's API as seen by the program: sometimes late, sometimes wrong, depending on the faults. It has no balance.
 */
export function createVirtualProvider(options: ProviderOptions): Provider {
  const { cloud, clock, random, conditions, onSeen, onSending, onAction } = options
  const reads = new Set<() => void>()

  /** Most responses are immediate, some take seconds. */
  const latencyMs = (): number => (random.bool(0.92) ? 0 : random.between(50, 9_000))

  async function read<T>(answer: () => Result<T, ProviderError>, deliver: (value: T) => void) {
    const waitMs = latencyMs()
    let result = answer()
    if (waitMs > 0) {
      const arrived = await new Promise<boolean>((settle) => {
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
      if (!arrived || clock.isAsleep()) result = fail(providerErrorOf('unreachable'))
    }
    if (result.ok) deliver(result.value)
    return result
  }

  async function act(podId: string, action: PodAction): Promise<Result<Pod | null, ProviderError>> {
    const { failure } = conditions()
    onSending(podId, action, failure)
    const isLost = failure === 'unreachable' && random.bool(0.5)
    if (failure !== null && !isLost) return fail(providerErrorOf(failure))
    if (!cloud.act(podId, action)) return fail(providerErrorOf('conflict'))
    onAction(podId, action)
    if (isLost) return fail(providerErrorOf('unreachable'))
    const pod = cloud.pod(podId)
    return ok(pod && random.bool(0.5) ? cloud.toObservation(pod).pod : null)
  }

  return {
    listPods() {
      const askedAtMs = clock.trueMs()
      const seen: Observation[] = []
      return read<PodList>(
        () => {
          const { failure, isPartial } = conditions()
          if (failure !== null) return fail(providerErrorOf(failure))
          for (const truth of cloud.pods()) {
            if (truth.status === 'gone' || (isPartial && random.bool(0.4))) continue
            seen.push({ podId: truth.plan.id, askedAtMs, ...cloud.toObservation(truth) })
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
          seen = { podId, askedAtMs, ...cloud.toObservation(truth) }
          return ok(seen.pod)
        },
        () => seen && onSeen([seen], false),
      )
    },
    act,
    terminatePod: (podId) => act(podId, 'terminate'),
    minPollIntervalMs: () => 0,
    abortReads() {
      for (const abort of reads) abort()
    },
  }
}

function providerErrorOf(kind: ProviderErrorKind): ProviderError {
  const retryAfterMs = kind === 'rate-limited' ? 30_000 : null
  return { kind, message: `It said ${kind}.`, status: null, retryAfterMs, requestId: null }
}
