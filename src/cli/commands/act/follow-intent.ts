import { RUNPOD_NAME } from '../../../core/pods/labs/service-name'
import type { Result } from '../../../core/base/result'
import {
  type Intent,
  type IntentAction,
  type IntentPhase,
  isUnsent,
  undoIntent,
} from '../../../core/intents/intent'
import type { ControlledPodView, ControlRefusal } from '../../../node/control/control-requests'
import { type Control, refusalExit } from '../../account/open-control'
import { CliExit, exitCodes } from '../../output/exit'
import type { CliOutput, Interrupts } from '../../output/terminal'
import { connectionExit } from '../first-snapshot'
import { intentOutcomeText, intentProgressText } from './follow-intent-text'

export interface FollowOptions {
  readonly control: Control
  readonly action: IntentAction
  /** Whose API the account uses. Absent: Runpod's. */
  readonly service?: string
  /** Whether to wait until the pod has visibly stopped or started. */
  readonly waitsForResult: boolean
  /** Milliseconds after the request at which it stops waiting. The next run continues. */
  readonly timeoutMs: number
  readonly output: CliOutput
  readonly interrupts: Interrupts
  /** The recorded actions of the data folder, for when the program that acts is gone; null: it cannot be read. */
  readonly readJournal: () => readonly Intent[] | null
}

export interface ActOutcome {
  readonly exitCode: number
  readonly pod: Pick<ControlledPodView, 'id' | 'name'>
  readonly outcome: IntentPhase | 'not-needed' | 'unknown'
  readonly message: string
}

/** Begins an action and follows it to its end. Rejects with a `CliExit` if nothing was begun. */
export function followIntent(
  pod: ControlledPodView,
  options: FollowOptions,
  startAction: () => Promise<Result<void, ControlRefusal>>,
): Promise<ActOutcome> {
  const { control, action, waitsForResult, timeoutMs, output, interrupts } = options
  const { service = RUNPOD_NAME } = options
  /** What was recorded before; null: it cannot be read. */
  const earlier = control.isRemote ? options.readJournal() : []
  return new Promise((resolve, reject) => {
    let intent: Intent | null = null
    let countdown: NodeJS.Timeout | undefined
    let timeout: NodeJS.Timeout | undefined
    let lastProblemText = ''
    let undoExitCode: number = exitCodes.interrupted
    /** It was asked to be taken back, perhaps before it was known to have begun. */
    let isUndoAsked = false
    /** Why it is taken back, when that is not the user's wish. */
    let putOffText: string | null = null
    let isFinished = false

    const release = (): void => {
      isFinished = true
      clearInterval(countdown)
      clearTimeout(timeout)
      for (const each of cleanups) each()
      output.clearStatus()
    }
    const finish = (exitCode: number, outcome: ActOutcome['outcome'], message: string): void => {
      release()
      resolve({ exitCode, pod, outcome, message })
    }
    const finishUnknown = (message: string, exitCode: number = exitCodes.unreachable): void =>
      finish(exitCode, 'unknown', intentOutcomeText.unknown(message))

    function showCountdown(waiting: Intent): void {
      clearInterval(countdown)
      const untilMs = performance.now() + waiting.waitMs
      const show = (): void =>
        output.status(intentProgressText.countdown(pod, action, untilMs - performance.now(), interrupts.hint))
      if (waiting.message !== null) output.progress(waiting.message)
      if (waiting.waitMs === 0) return
      show()
      countdown = setInterval(show, 250)
    }

    function onIntent(next: Intent): void {
      if (isFinished || (intent !== null && next.id !== intent.id)) return
      if (intent === null && (next.podId !== pod.id || next.action !== action || !isUnsent(next))) return
      const previous = intent
      intent = next
      if (isUndoAsked && previous === null) undo(next)
      if (next.phase !== 'scheduled') clearInterval(countdown)
      switch (next.phase) {
        case 'scheduled':
          showCountdown(next)
          break
        case 'waiting':
          clearTimeout(timeout)
          timeout = undefined
          if (next.message !== null && previous?.message !== next.message) output.progress(next.message)
          output.status(intentProgressText.waitingForGpu(pod, next.waitMs, interrupts.hint))
          break
        case 'sent':
          if (previous?.phase === 'sent') {
            if (next.message !== null) output.progress(next.message)
            break
          }
          output.status(intentProgressText.sent(pod, action, service))
          timeout ??= setTimeout(onTimeout, timeoutMs)
          break
        case 'accepted':
          if (!waitsForResult)
            finish(exitCodes.ok, 'accepted', intentOutcomeText.accepted(pod, action, service))
          else output.status(intentProgressText.accepted(pod, action))
          break
        case 'observed':
          finish(exitCodes.ok, 'observed', next.message ?? intentOutcomeText.observed(pod, action))
          break
        case 'cancelled':
          if (next.message === null && putOffText !== null) finish(exitCodes.failed, 'cancelled', putOffText)
          else if (next.message === null) finish(undoExitCode, 'cancelled', intentOutcomeText.canceled(pod))
          else finish(exitCodes.failed, 'cancelled', next.message)
          break
        case 'failed':
          finish(exitCodes.failed, 'failed', intentOutcomeText.failed(pod, next))
          break
        case 'did-not-happen':
          finish(exitCodes.failed, 'did-not-happen', intentOutcomeText.didNotHappen(pod, next))
      }
    }

    function undo({ id }: Intent): void {
      isUndoAsked = true
      void control.requests.undo(id).then((undone) => {
        if (!undone.ok && !isFinished) output.progress(undone.error.message)
      })
    }

    function onTimeout(): void {
      const unknown = intentOutcomeText.notConfirmed(pod, action)
      // After a 429 with a long wait nothing was done, so it must not happen later, when nobody watches.
      if (intent === null || !isUnsent(intent)) {
        finishUnknown(unknown)
        return
      }
      putOffText = intentOutcomeText.rateLimited(pod, action, service)
      void control.requests.undo(intent.id).then((undone) => {
        if (!undone.ok && !isFinished) finishUnknown(unknown)
      })
    }

    /** What was recorded is the truth: nothing is sent before, and nothing is asked for again. */
    function onLost(): void {
      if (isFinished) return
      const recorded = earlier && options.readJournal()
      const isThis = (one: Intent): boolean =>
        intent === null
          ? one.podId === pod.id && one.action === action && !earlier?.some(({ id }) => id === one.id)
          : one.id === intent.id
      const found = recorded?.filter(isThis).at(-1)
      if (found !== undefined) {
        intent ??= found
        onIntent(found)
      }
      if (isFinished) return
      if (recorded === null) finishUnknown(intentOutcomeText.lostWithoutJournal)
      else if (found === undefined) {
        release()
        reject(new CliExit(exitCodes.failed, intentOutcomeText.lostBeforeAccepted))
      } else if (isUnsent(found)) finishUnknown(intentOutcomeText.lostBeforeSent(pod, action))
      else finishUnknown(intentOutcomeText.lostAfterSent(pod, action))
    }

    function onInterrupt(exitCode: number | null): void {
      if (isUndoAsked) {
        if (exitCode !== null) finishUnknown(intentOutcomeText.undoUnknown(pod, action))
      } else if (intent === null || undoIntent(intent, intent.phaseAt) !== intent) {
        undoExitCode = exitCode ?? exitCodes.interrupted
        isUndoAsked = true
        if (intent !== null) undo(intent)
      } else if (exitCode === null) output.progress(intentProgressText.tooLate)
      else finishUnknown(intentOutcomeText.alreadySent(pod, action), exitCodes.continues)
    }

    const cleanups = [
      control.onIntent(onIntent),
      control.onConnection((connection) => {
        const problemText = connectionExit(connection)?.message ?? ''
        if (problemText !== '' && problemText !== lastProblemText) output.progress(problemText)
        lastProblemText = problemText
      }),
      control.onLost(onLost),
      interrupts.listen(onInterrupt),
    ]
    void startAction().then((started) => {
      if (started.ok || isFinished) return
      if (started.error.code === 'lost') {
        onLost()
        return
      }
      release()
      reject(refusalExit(started.error))
    })
  })
}
