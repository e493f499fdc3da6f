import { MINUTE_MS, SECOND_MS } from '../../../core/base/time/time'
import { defaultCreateRules } from '../../../core/creation/create-intent'
import { containerSentences } from '../../../core/containers/container-text'
import { problemAdvice, problemTitle, progressText } from '../../../core/logs/progress-text'
import type { ProgressProblem } from '../../../core/logs/pod-progress'
import type { ControlledPodView } from '../../../node/control/control-requests'
import type { Control } from '../../account/open-control'
import { exitCodes } from '../../output/exit'
import type { CliOutput } from '../../output/terminal'
import { progressEndText } from './create-text'

/** What became of a new pod that was waited for. `message`: what to add to that it was created, as sentences. */
export interface ProgressEnd {
  readonly exitCode: number
  readonly message: string
  readonly pod: ControlledPodView | undefined
}

/** A new pod can be used or fails within this, or is called stuck by `status`. */
const USABLE_WITHIN_MS = defaultCreateRules.createDeadlineMs
const LOOK_EVERY_MS = 2 * SECOND_MS
/** A pull may fail and be tried again, so a problem counts once it lasts. */
const PROBLEM_LASTS_MS = MINUTE_MS
/** Whether there is an SSH server behind a proxy can't be tried, so it isn't waited for any longer. */
const UNKNOWN_SSH_MS = MINUTE_MS

export interface ProgressFollower {
  /** The end once there is one, with the pod as it is `elapsedMs` after the beginning. */
  end(pod: ControlledPodView | undefined, elapsedMs: number): ProgressEnd | null
}

/** Judges a new pod by what is seen of it. `hasSsh`: SSH was asked for, so it can be used once that is reachable. */
export function createProgressFollower(
  hasSsh: boolean,
  output: Pick<CliOutput, 'progress' | 'status'>,
): ProgressFollower {
  let shownProblem: ProgressProblem['kind'] | null = null
  let problemSinceMs: number | null = null
  let runningSinceMs: number | null = null
  /** Whether SSH was tried and is awaited. */
  let isSshAwaited = false

  function showProblem(pod: ControlledPodView, problem: ProgressProblem): void {
    if (shownProblem === problem.kind) return
    shownProblem = problem.kind
    output.progress(
      progressEndText.problem(pod.name, problemTitle(problem), problemAdvice(problem, pod.service)),
    )
    for (const { text } of pod.progress?.lines ?? []) output.progress(`  ${text}`)
  }

  return {
    end(pod, elapsedMs) {
      const ended = (exitCode: number, message: string): ProgressEnd => ({ exitCode, message, pod })
      if (pod?.phase === 'error' || pod?.phase === 'stopped')
        return ended(exitCodes.failed, progressEndText.notStarted(pod.phase === 'error'))
      const problem = pod?.progress?.problem ?? null
      if (pod !== undefined && problem !== null) showProblem(pod, problem)
      problemSinceMs = problem === null ? null : (problemSinceMs ?? elapsedMs)
      if (problem !== null && problemSinceMs !== null && elapsedMs - problemSinceMs >= PROBLEM_LASTS_MS)
        return ended(exitCodes.failed, progressEndText.problemLasts(problemTitle(problem), elapsedMs))
      const isUp = pod?.container === undefined || pod.container.kind === 'unknown'
      if (pod?.container?.kind === 'died' || pod?.container?.kind === 'gpus-missing')
        return ended(exitCodes.failed, containerSentences(pod.container, 0, pod.service))
      const isRunning = pod?.phase === 'running' && isUp
      runningSinceMs = isRunning ? (runningSinceMs ?? elapsedMs) : null
      const ssh = pod?.progress?.steps.ssh
      isSshAwaited ||= hasSsh && isRunning && ssh === 'now'
      if (isRunning && problem === null) {
        if (ssh === 'done') return ended(exitCodes.ok, progressEndText.sshReachable(elapsedMs))
        if (!hasSsh || (ssh === undefined && !isSshAwaited))
          return ended(
            exitCodes.ok,
            pod.container === undefined
              ? progressEndText.running(elapsedMs)
              : progressEndText.containerUnknown(elapsedMs),
          )
        if (ssh === 'unknown' && elapsedMs - (runningSinceMs ?? elapsedMs) >= UNKNOWN_SSH_MS)
          return ended(exitCodes.ok, progressEndText.sshUnknown(elapsedMs))
        if (ssh === undefined) return ended(exitCodes.failed, progressEndText.sshMissing(elapsedMs))
      }
      if (elapsedMs >= USABLE_WITHIN_MS)
        return ended(
          exitCodes.failed,
          isRunning ? progressEndText.sshMissing(elapsedMs) : progressEndText.notRunning(elapsedMs),
        )
      output.status(
        pod?.progress === undefined
          ? progressEndText.creating(pod?.name)
          : progressEndText.step(pod.name, progressText(pod.progress)),
      )
      return null
    },
  }
}

/** Says how far the new pod is, until it can be used, or until it is clear that it can't. */
export async function untilUsable(
  podId: string,
  hasSsh: boolean,
  { control, output }: { readonly control: Control; readonly output: CliOutput },
): Promise<ProgressEnd> {
  const startedAtMs = performance.now()
  const follower = createProgressFollower(hasSsh, output)
  let pod: ControlledPodView | undefined
  for (;;) {
    const account = await control.requests.account()
    pod = account.ok ? account.value.pods.find(({ id }) => id === podId) : pod
    const end = follower.end(pod, performance.now() - startedAtMs)
    if (end !== null) return end
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}
