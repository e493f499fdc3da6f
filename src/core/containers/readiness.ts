import type { ProgressProblem } from '../logs/pod-progress'
import { elapsedMs, type Instant, MINUTE_MS, SECOND_MS } from '../base/time/time'
import type { ContainerState } from './container-record'

/**
 * How far a running pod is. `no-container`: its start takes too long or failed. `up`: it has a container, and more is
 * awaited. `not-known`: nothing was seen yet that says anything.
 */
export type PodReadiness =
  | 'starting'
  | 'no-container'
  | 'up'
  | 'ready'
  | 'died'
  | 'gpus-missing'
  | 'not-known'

export interface MissingGpus {
  readonly gpus: number
  readonly expected: number
}

export interface ReadinessInput {
  /** Null: its provider doesn't show containers, so that running is all there is. */
  readonly state: ContainerState | null
  readonly missingGpus: MissingGpus | null
  /** SSH was tried, and there was no server yet. */
  readonly isSshAwaited: boolean
  readonly problem: ProgressProblem | null
}

/** A container without an SSH server is ready, too, so it is waited for only so long. */
const SSH_WAIT_MS = 2 * MINUTE_MS

/** A start that only its log tells of may be followed by the next one, as in a crash loop. */
const LOG_ONLY_WAIT_MS = 45 * SECOND_MS

/** See docs/product-rules.md#11-states-shown. */
export function podReadiness(
  { state, missingGpus, isSshAwaited, problem }: ReadinessInput,
  now: Instant,
): PodReadiness {
  if (state === null) return 'ready'
  if (state.kind === 'died') return 'died'
  if (missingGpus !== null) return 'gpus-missing'
  switch (state.kind) {
    case 'up': {
      if (problem?.kind === 'crash-loop') return 'died'
      const waitMs = isSshAwaited ? SSH_WAIT_MS : state.isShown ? 0 : LOG_ONLY_WAIT_MS
      return elapsedMs(state.upAt, now) < waitMs ? 'up' : 'ready'
    }
    case 'starting':
      return state.isOverdue || hasFailed(problem) ? 'no-container' : 'starting'
    case 'unknown':
      return state.isStartKnown ? 'no-container' : 'not-known'
    case 'not-seen':
      return 'not-known'
  }
}

export const hasFailed = (
  problem: ProgressProblem | null,
): problem is Extract<ProgressProblem, { kind: 'pull-failed' | 'start-failed' }> =>
  problem?.kind === 'pull-failed' || problem?.kind === 'start-failed'
