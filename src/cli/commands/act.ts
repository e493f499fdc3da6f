import { actionText } from '../../core/intents/action-text'
import type { Confirmed } from '../../core/confirmation/confirmation'
import {
  type Intent,
  type IntentAction,
  type IntentPhase,
  isOpen,
  isUnsent,
  undoIntent,
} from '../../core/intents/intent'
import { formatRemaining, formatUsdPerHour } from '../../core/base/format'
import { impactSentence } from '../../core/pods/data-impact-text'
import type { Monitor } from '../../core/monitor-types'
import type { Result } from '../../core/base/result'
import type { PodView } from '../../core/view/snapshot'
import { CliExit, exitCodes } from '../output/exit'
import { findPod } from './find-pod'
import { JSON_VERSION } from '../output/json'
import { connectionExit, firstSnapshot } from './first-snapshot'
import type { CliOutput, Interrupts } from '../output/terminal'

export interface ActOptions {
  readonly monitor: Monitor
  /** Called with every step of an action as it is written to the journal. */
  readonly onRecord: (listener: (intent: Intent) => void) => void
  readonly action: IntentAction
  /** For a start: retry until a GPU is free. */
  readonly waitsForGpu: boolean
  /** For a terminate: asks the user to confirm. Throws a `CliExit` if declined. */
  readonly confirm: (podId: string) => Promise<Confirmed>
  /** An id or a name. */
  readonly podQuery: string
  /** Whether to wait until the pod has visibly stopped or started. */
  readonly waitsForResult: boolean
  /** Milliseconds after the request at which it stops waiting. The next run continues. */
  readonly timeoutMs: number
  readonly output: CliOutput
  readonly interrupts: Interrupts
}

export interface ActOutcome {
  readonly exitCode: number
  readonly pod: Pick<PodView, 'id' | 'name'>
  readonly outcome: IntentPhase | 'not-needed' | 'unknown'
  readonly message: string
}

/** Starts or stops one pod like the app and follows it to the end. Throws a `CliExit` if nothing was begun. */
export async function act(options: ActOptions): Promise<ActOutcome> {
  const { monitor, action, podQuery, output } = options
  const snapshot = await firstSnapshot(monitor)
  for (const { text } of snapshot.notices) output.progress(text)
  const problem = connectionExit(snapshot.connection)
  if (problem) throw problem
  const pod = findPod(snapshot.pods, podQuery)
  // An action in progress may be about to change the pod's state.
  const { intent } = pod
  if (intent && isOpen(intent))
    throw new CliExit(exitCodes.failed, `Nothing was done: a ${intent.action} of ${pod.name} is under way.`)
  const isAlreadyDone =
    (action === 'stop' && pod.phase === 'stopped') ||
    (action === 'start' && pod.phase === 'running') ||
    (action === 'terminate' && pod.phase === 'terminated')
  if (isAlreadyDone && !pod.actions.includes(action))
    return {
      exitCode: exitCodes.ok,
      pod,
      outcome: 'not-needed',
      message: `${pod.name} is ${pod.phase} already.`,
    }
  if (action === 'terminate') {
    if (!pod.actions.includes(action))
      throw new CliExit(exitCodes.failed, `${pod.name} does not allow a terminate now. Nothing was done.`)
    const confirmed = await options.confirm(pod.id)
    return followIntent(pod, options, () => monitor.terminate(confirmed))
  }
  for (const line of preambleLines(pod, action)) output.progress(line)
  return followIntent(pod, options, () =>
    options.waitsForGpu ? monitor.waitForGpu(pod.id) : monitor.act(pod.id, action),
  )
}

export const outcomeJson = (action: IntentAction, { pod, outcome, message }: ActOutcome): string =>
  JSON.stringify({ version: JSON_VERSION, action, pod: { id: pod.id, name: pod.name }, outcome, message })

function preambleLines(pod: PodView, action: IntentAction): string[] {
  // Runpod reports a price of 0 for a stopped pod, which is not what it will cost.
  const hasPrice = action !== 'start' && pod.costPerHourUsd !== null
  const cost = hasPrice ? ` · ${formatUsdPerHour(pod.costPerHourUsd ?? 0)}` : ''
  const what = [pod.hardware ?? '', cost].join('')
  const name = `${pod.name} (${pod.id})${what === '' ? '' : `: ${what.replace(/^ · /, '')}`}`
  if (action === 'start') return [name]
  if (action === 'restart') return [name, `What it does now is broken off. ${impactSentence(pod.stopImpact)}`]
  return [name, `${impactSentence(pod.stopImpact)} Its GPU may be taken when you start it again.`]
}

function followIntent(
  pod: PodView,
  options: ActOptions,
  startAction: () => Result<void, string>,
): Promise<ActOutcome> {
  const { monitor, action, waitsForResult, timeoutMs, output, interrupts } = options
  const { doing, past } = actionText[action]
  return new Promise((resolve, reject) => {
    let intent: Intent | null = null
    let countdown: NodeJS.Timeout | undefined
    let timeout: NodeJS.Timeout | undefined
    let lastProblemText = ''
    let undoExitCode: number = exitCodes.interrupted
    /** Why it is taken back, when that is not the user's wish. */
    let putOffText: string | null = null

    const finish = (exitCode: number, outcome: ActOutcome['outcome'], message: string): void => {
      clearInterval(countdown)
      clearTimeout(timeout)
      release()
      unsubscribe()
      output.clearStatus()
      resolve({ exitCode, pod, outcome, message })
    }

    function showCountdown(waiting: Intent): void {
      clearInterval(countdown)
      const untilMs = performance.now() + waiting.waitMs
      const show = (): void =>
        output.status(
          `${doing} ${pod.name} in ${formatRemaining(untilMs - performance.now())} · ${interrupts.hint} takes it back`,
        )
      if (waiting.message !== null) output.progress(waiting.message)
      if (waiting.waitMs === 0) return
      show()
      countdown = setInterval(show, 250)
    }

    function onIntent(next: Intent): void {
      if (intent !== null && next.id !== intent.id) return
      if (intent === null && (next.podId !== pod.id || !isUnsent(next))) return
      const previous = intent
      intent = next
      if (next.phase !== 'scheduled') clearInterval(countdown)
      switch (next.phase) {
        case 'scheduled':
          showCountdown(next)
          break
        case 'waiting':
          clearTimeout(timeout)
          timeout = undefined
          if (next.message !== null && previous?.message !== next.message) output.progress(next.message)
          output.status(
            `${pod.name} waits for a GPU · next try in ${formatRemaining(next.waitMs)} · ${interrupts.hint} ends it`,
          )
          break
        case 'sent':
          if (previous?.phase === 'sent') {
            if (next.message !== null) output.progress(next.message)
            break
          }
          output.status(`${doing} ${pod.name}: sent to Runpod, waiting for its answer`)
          timeout ??= setTimeout(onTimeout, timeoutMs)
          break
        case 'accepted':
          if (!waitsForResult)
            finish(exitCodes.ok, 'accepted', `Runpod accepted the ${action} of ${pod.name}.`)
          else output.status(`${doing} ${pod.name}: accepted, waiting until it ${past}`)
          break
        case 'observed':
          finish(exitCodes.ok, 'observed', next.message ?? `${pod.name} ${past}.`)
          break
        case 'cancelled':
          if (next.message === null && putOffText !== null) finish(exitCodes.failed, 'cancelled', putOffText)
          else if (next.message === null)
            finish(undoExitCode, 'cancelled', `Taken back: nothing was sent. ${unchangedText(pod)}`)
          else finish(exitCodes.failed, 'cancelled', next.message)
          break
        case 'failed':
          finish(exitCodes.failed, 'failed', failureText(pod, next))
          break
        case 'did-not-happen':
          finish(
            exitCodes.failed,
            'did-not-happen',
            `${pod.name}: the ${action} did not happen. ${next.message ?? ''}`.trim(),
          )
      }
    }

    function onTimeout(): void {
      // After a 429 with a long wait nothing was done, so it must not happen later, when nobody watches.
      if (intent !== null && isUnsent(intent)) {
        putOffText = `Runpod puts off the ${action} of ${pod.name}, so it was taken back: nothing was done. ${unchangedText(pod)}`
        if (monitor.undo(intent.id).ok) return
      }
      finish(
        exitCodes.unreachable,
        'unknown',
        `The ${action} of ${pod.name} was sent, and what became of it could not be seen in time. Look again with: podkeeper status`,
      )
    }

    const unsubscribe = monitor.subscribe((snapshot) => {
      const problemText = connectionExit(snapshot.connection)?.message ?? ''
      if (problemText !== '' && problemText !== lastProblemText) output.progress(problemText)
      lastProblemText = problemText
      // An action that could not be written to the journal was not sent and has no final record.
      const view = snapshot.pods.find(({ id }) => id === pod.id)?.intent
      if (intent !== null && view?.id === intent.id && view.phase === 'cancelled' && view.message !== null)
        finish(exitCodes.failed, 'cancelled', view.message)
    })

    const release = interrupts.listen((exitCode) => {
      if (intent !== null && undoIntent(intent, intent.phaseAt) !== intent) {
        undoExitCode = exitCode ?? exitCodes.interrupted
        const undoResult = monitor.undo(intent.id)
        if (!undoResult.ok) output.progress(undoResult.error)
        return
      }
      if (exitCode === null) output.progress('Too late to take back: it was sent already.')
      else
        finish(
          exitCode,
          'unknown',
          `The ${action} of ${pod.name} was sent already, and goes on. Look again with: podkeeper status`,
        )
    })

    options.onRecord(onIntent)
    const started = startAction()
    if (started.ok) return
    release()
    unsubscribe()
    reject(new CliExit(exitCodes.failed, started.error))
  })
}

function failureText({ id, name }: PodView, { action, message, lacksGpu }: Intent): string {
  const hint = lacksGpu ? `This waits until one is free: podkeeper start --when-free ${id}` : ''
  return [`${name}: the ${action} failed.`, message ?? '', hint].filter((part) => part !== '').join(' ')
}

const unchangedText = ({ name, phase }: PodView): string => `${name} is still ${phase}.`
