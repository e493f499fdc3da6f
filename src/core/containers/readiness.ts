import type { ProgressProblem } from '../logs/pod-progress'
import { elapsedMs, type Instant, MINUTE_MS } from '../base/time/time'
import type { ContainerState } from './container-record'

/**
 * How far a running pod is. `no-container`: its start takes too long or failed. `not-known`: nothing was seen yet that
 * says anything.
 */
export type PodReadiness = 'starting' | 'ready' | 'no-container' | 'died' | 'gpus-missing' | 'not-known'

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
export const SSH_WAIT_MS = 2 * MINUTE_MS

/** See docs/product-rules.md#11-states-shown. */
export function podReadiness(
  { state, missingGpus, isSshAwaited, problem }: ReadinessInput,
  now: Instant,
): PodReadiness {
  if (state === null) return 'ready'
  if (state.kind === 'died') return 'died'
  if (missingGpus !== null) return 'gpus-missing'
  switch (state.kind) {
    case 'up':
      return isSshAwaited && elapsedMs(state.upAt, now) < SSH_WAIT_MS ? 'starting' : 'ready'
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
