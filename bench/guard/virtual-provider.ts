import type { Pod, PodAction } from '../../src/core/pods/pod'
import type { PodList, Provider, ProviderError, ProviderErrorKind } from '../../src/core/pods/provider'
import { fail, ok, type Result } from '../../src/core/base/result'
import type { Chance } from '../chance'
import type { Cloud } from './cloud'
import type { Look } from './pod-script'
import type { VirtualClock } from './virtual-clock'

/** What an answer showed of one pod, once the program has it. `askedAtMs`: true time of its request. */
export interface Observation {
  readonly podId: string
  readonly askedAtMs: number
  readonly pod: Pod
  readonly look: Look | null
}

/** How the API answers at the moment. */
export interface Weather {
  readonly failure: ProviderErrorKind | null
  readonly isPartial: boolean
}

export interface ProviderOptions {
  readonly cloud: Cloud
  readonly clock: VirtualClock
  readonly chance: Chance
  readonly weather: () => Weather
  /** An answer is with the program: a list, or a single pod. */
  readonly onSeen: (seen: readonly Observation[], isList: boolean) => void
  /** A request of an action goes out. `failure`: how it will be answered. */
  readonly onSending: (podId: string, action: PodAction, failure: ProviderErrorKind | null) => void
  /** An action took effect, whatever the answer says. */
  readonly onAction: (podId: string, action: PodAction) => void
}

/** A cloud's API as a program sees it: late now and then, wrong by the weather. Balance: none. */
export function createVirtualProvider(options: ProviderOptions): Provider {
  const { cloud, clock, chance, weather, onSeen, onSending, onAction } = options
  const reads = new Set<() => void>()

  /** Most answers come at once, some take seconds. */
  const latencyMs = (): number => (chance.is(0.92) ? 0 : chance.between(50, 9_000))

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
      if (!arrived || clock.isAsleep()) result = fail(errorOf('unreachable'))
    }
    if (result.ok) deliver(result.value)
    return result
  }

  async function act(podId: string, action: PodAction): Promise<Result<Pod | null, ProviderError>> {
    const { failure } = weather()
    onSending(podId, action, failure)
    const isLost = failure === 'unreachable' && chance.is(0.5)
    if (failure !== null && !isLost) return fail(errorOf(failure))
    if (!cloud.act(podId, action)) return fail(errorOf('conflict'))
    onAction(podId, action)
    if (isLost) return fail(errorOf('unreachable'))
    const pod = cloud.pod(podId)
    return ok(pod && chance.is(0.5) ? cloud.show(pod).pod : null)
  }

  return {
    listPods() {
      const askedAtMs = clock.trueMs()
      const seen: Observation[] = []
      return read<PodList>(
        () => {
          const { failure, isPartial } = weather()
          if (failure !== null) return fail(errorOf(failure))
          for (const truth of cloud.pods()) {
            if (truth.status === 'gone' || (isPartial && chance.is(0.4))) continue
            seen.push({ podId: truth.plan.id, askedAtMs, ...cloud.show(truth) })
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
          const { failure } = weather()
          if (failure !== null) return fail(errorOf(failure))
          const truth = cloud.pod(podId)
          if (!truth || truth.status === 'gone') return fail(errorOf('not-found'))
          seen = { podId, askedAtMs, ...cloud.show(truth) }
          return ok(seen.pod)
        },
        () => seen && onSeen([seen], false),
      )
    },
    startPod: (podId) => act(podId, 'start'),
    stopPod: (podId) => act(podId, 'stop'),
    restartPod: (podId) => act(podId, 'restart'),
    terminatePod: (podId) => act(podId, 'terminate'),
    pollSpacingMs: () => 0,
    abortReads() {
      for (const abort of reads) abort()
    },
  }
}

function errorOf(kind: ProviderErrorKind): ProviderError {
  const retryAfterMs = kind === 'rate-limited' ? 30_000 : null
  return { kind, message: `It said ${kind}.`, status: null, retryAfterMs, requestId: null }
}
