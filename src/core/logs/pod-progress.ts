import { MINUTE_MS } from '../base/time/time'
import type { Pod } from '../pods/pod'
import { crashLoop, pullProgress, type PullProgress, type SystemLog } from './system-log'

/* How far a pod is on its way to be usable, by what was observed only. See docs/product-rules.md#113-the-create-intent. */

export const progressSteps = ['machine', 'image', 'container', 'ssh'] as const
export type ProgressStep = (typeof progressSteps)[number]

/** `unknown`: it may be done, and nothing was observed that says so. */
export const stepStates = ['done', 'now', 'next', 'failed', 'unknown'] as const
export type StepState = (typeof stepStates)[number]

export type ProgressProblem =
  | { readonly kind: 'pull-failed' | 'start-failed'; readonly words: string }
  | { readonly kind: 'crash-loop'; readonly starts: number; readonly forMs: number }
  /** Its system log has had no new line for so long. */
  | { readonly kind: 'silent'; readonly forMs: number }

export interface PodProgress {
  readonly steps: Readonly<Record<ProgressStep, StepState>>
  /** Null unless the image is being pulled and its layers are known. */
  readonly pull: PullProgress | null
  /** Why it doesn't go on. */
  readonly problem: ProgressProblem | null
  /** The last lines of its system log, oldest first; empty without a problem. Unix ms. */
  readonly lines: SystemLog['lines']
  /** Why its system log is not read; null while it is, or is not needed. */
  readonly logProblem: string | null
}

export type SshReachability =
  | 'reachable'
  /** It was tried, and there was no SSH server yet. */
  | 'not-yet'
  /** Nothing that can be tried leads to this pod alone. */
  | 'unknown'

export interface ProgressInput {
  readonly pod: Pick<Pod, 'phase' | 'rawStatus'>
  /** Whether a container was seen since its start. */
  readonly hasContainer: boolean
  readonly log: SystemLog
  /** How long the log is read without a new line, ms; null while it isn't read. */
  readonly silentMs: number | null
  readonly logProblem: string | null
  readonly ssh: SshReachability
}

/** A log without a new line for so long says that nothing goes on. */
export const SILENT_MS = 10 * MINUTE_MS

export function podProgress(input: ProgressInput): PodProgress {
  const { pod, log, silentMs, logProblem, ssh } = input
  const isRunning = pod.phase === 'running'
  const isUp = isRunning && input.hasContainer
  const problem = problemOf(log, isUp, silentMs)
  const isContainerUp = isUp || log.startTimesMs.length > 0
  const isImageReady = isContainerUp || log.isImageReady
  const isOnMachine =
    isImageReady || log.isPulling || log.failure !== null || isRunning || pod.rawStatus === 'STARTING'
  const image = isImageReady ? 'done' : !isOnMachine ? 'next' : log.isPulling ? 'now' : 'unknown'
  const container = isContainerUp ? 'done' : isImageReady ? 'now' : image === 'unknown' ? 'unknown' : 'next'
  const steps: Record<ProgressStep, StepState> = {
    machine: isOnMachine ? 'done' : 'now',
    image,
    container,
    ssh: !isUp ? 'next' : ssh === 'reachable' ? 'done' : ssh === 'not-yet' ? 'now' : 'unknown',
  }
  if (problem?.kind === 'pull-failed') steps.image = 'failed'
  if (problem?.kind === 'start-failed' || problem?.kind === 'crash-loop') steps.container = 'failed'
  const isPulling = steps.image === 'now' && log.isPulling
  return {
    steps,
    pull: isPulling ? pullProgress(log) : null,
    problem,
    lines: problem === null ? [] : log.lines,
    logProblem: isUp ? null : logProblem,
  }
}

function problemOf(log: SystemLog, isUp: boolean, silentMs: number | null): ProgressProblem | null {
  const loop = crashLoop(log)
  if (loop !== null) return { kind: 'crash-loop', ...loop }
  if (isUp) return null
  if (log.failure !== null) {
    const { what, text } = log.failure
    return { kind: what === 'pull' ? 'pull-failed' : 'start-failed', words: text }
  }
  return silentMs !== null && silentMs >= SILENT_MS ? { kind: 'silent', forMs: silentMs } : null
}
