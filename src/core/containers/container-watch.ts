import type { Instant } from '../base/time/time'
import type { PodProgress } from '../logs/pod-progress'
import type { TrackedPod } from '../logs/progress-tracker'
import type { Pod, PodId } from '../pods/pod'
import type { ContainerDetails } from './container-alert-text'
import type { ContainerRules, ContainerState } from './container-record'
import { type ContainerView, toContainerView } from './container-view'
import { podReadiness, type PodReadiness } from './readiness'
import {
  type ContainerSources,
  emptyWatchedContainers,
  missingGpusOf,
  type TelemetryOutage,
  telemetryOutageOf,
  watchedState,
  withListedContainers,
} from './watched-containers'

export interface ContainerWatchOptions extends ContainerSources {
  readonly rules: () => ContainerRules
  /** What the follower of new pods knows of one; null: it isn't followed. */
  readonly progressOf: (podId: PodId) => PodProgress | null
  readonly now: () => Instant
}

/** A list of pods that was taken in. */
export interface ContainerList {
  /** When it was requested. */
  readonly at: Instant
  /** The pods that it updated. */
  readonly listed: readonly Pod[]
  /** All pods that are not known to be gone. */
  readonly observed: readonly TrackedPod[]
}

/** Watches whether the running pods of an account have a container. See docs/product-rules.md#11-states-shown. */
export interface ContainerWatch {
  onList(list: ContainerList): void
  /** Null: the pod isn't running, or its provider doesn't show containers. */
  stateOf(podId: PodId): ContainerState | null
  /** Null: it is up, or nothing says otherwise. */
  viewOf(pod: Pick<Pod, 'id' | 'phase'>): ContainerView | null
  /** How far a running pod is. */
  readinessOf(pod: Pick<Pod, 'id'>): PodReadiness
  detailsOf(pod: Pick<Pod, 'id'>): ContainerDetails
  /** Pods that lost their metrics together. */
  outage(): TelemetryOutage | null
}

export function createContainerWatch(options: ContainerWatchOptions): ContainerWatch {
  const { progressOf } = options
  let containers = emptyWatchedContainers
  /** Those of the last list: they are asked for each pod of each snapshot. */
  let rules: ContainerRules | null = null
  const stateOf = (podId: PodId): ContainerState | null =>
    rules === null ? null : watchedState(containers, podId, rules)

  return {
    onList({ listed, observed, at }) {
      const known = new Set(observed.map(({ pod }) => pod.id))
      rules = options.rules()
      containers = withListedContainers(containers, listed, known, at, options, rules)
    },
    stateOf,
    viewOf({ id, phase }) {
      return phase === 'running' ? toContainerView(stateOf(id), missingGpusOf(containers, id)) : null
    },
    readinessOf({ id }) {
      const progress = progressOf(id)
      const input = {
        state: stateOf(id),
        missingGpus: missingGpusOf(containers, id),
        isSshAwaited: progress?.steps.ssh === 'now',
        problem: progress?.problem ?? null,
      }
      return podReadiness(input, options.now())
    },
    detailsOf({ id }) {
      return { state: stateOf(id), missingGpus: missingGpusOf(containers, id), progress: progressOf(id) }
    },
    outage: () => telemetryOutageOf(containers),
  }
}
