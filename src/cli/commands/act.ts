import { actionWords } from '../../core/intents/action-labels'
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
import { fateSentence } from '../../core/pods/data-impact-text'
import type { Monitor } from '../../core/monitor'
import type { Result } from '../../core/base/result'
import type { PodView } from '../../core/view/snapshot'
import { Ending, exitCodes } from '../output/exit'
import { findPod } from './find-pod'
import { JSON_VERSION } from '../output/json'
import { firstLook, lookProblem } from './first-snapshot'
import type { Interrupts, Output } from '../output/terminal'

export interface ActOptions {
  readonly monitor: Monitor
  /** Calls back with every step of an action as it is written down. */
  readonly onRecord: (listener: (intent: Intent) => void) => void
  readonly action: IntentAction
  /** Of a start: asks again and again until a GPU is free. */
  readonly waitsForGpu: boolean
  /** Of a terminate: asks whoever wants it. Throws an `Ending` for a no. */
  readonly confirm: (podId: string) => Promise<Confirmed>
  /** An id or a name. */
  readonly wanted: string
  /** Whether to wait until the pod is seen to have stopped or started. */
  readonly isWaiting: boolean
  /** Milliseconds after the request at which it gives up to look; the next run goes on. */
  readonly giveUpAfterMs: number
  readonly output: Output
  readonly interrupts: Interrupts
}

export interface ActOutcome {
  readonly exitCode: number
  readonly pod: Pick<PodView, 'id' | 'name'>
  readonly outcome: IntentPhase | 'not-needed' | 'unknown'
  readonly message: string
}

/** Starts or stops one pod as the app would, and follows it to its end. Throws an `Ending` when nothing was begun. */
export async function act(options: ActOptions): Promise<ActOutcome> {
  const { monitor, action, wanted, output } = options
  const snapshot = await firstLook(monitor)
  for (const { text } of snapshot.notices) output.progress(text)
  const problem = lookProblem(snapshot.connection)
  if (problem) throw problem
  const pod = findPod(snapshot.pods, wanted)
  // What is under way may be about to change what the pod seems to be.
  const { intent } = pod
  if (intent && isOpen(intent))
    throw new Ending(exitCodes.failed, `Nothing was done: a ${intent.action} of ${pod.name} is under way.`)
  const isThere =
    (action === 'stop' && pod.phase === 'stopped') ||
    (action === 'start' && pod.phase === 'running') ||
    (action === 'terminate' && pod.phase === 'terminated')
  if (isThere && !pod.actions.includes(action))
    return {
      exitCode: exitCodes.ok,
      pod,
      outcome: 'not-needed',
      message: `${pod.name} is ${pod.phase} already.`,
    }
  if (action === 'terminate') {
    if (!pod.actions.includes(action))
      throw new Ending(exitCodes.failed, `${pod.name} does not allow a terminate now. Nothing was done.`)
    const confirmed = await options.confirm(pod.id)
    return follow(pod, options, () => monitor.terminate(confirmed))
  }
  for (const line of forewords(pod, action)) output.progress(line)
  return follow(pod, options, () =>
    options.waitsForGpu ? monitor.waitForGpu(pod.id) : monitor.act(pod.id, action),
  )
}

export const actJson = (action: IntentAction, { pod, outcome, message }: ActOutcome): string =>
  JSON.stringify({ version: JSON_VERSION, action, pod: { id: pod.id, name: pod.name }, outcome, message })

function forewords(pod: PodView, action: IntentAction): string[] {
  // Of a stopped pod Runpod says 0, which is not what it will cost.
  const isRated = action !== 'start' && pod.costPerHourUsd !== null
  const cost = isRated ? ` · ${formatUsdPerHour(pod.costPerHourUsd ?? 0)}` : ''
  const what = [pod.hardware ?? '', cost].join('')
  const name = `${pod.name} (${pod.id})${what === '' ? '' : `: ${what.replace(/^ · /, '')}`}`
  if (action === 'start') return [name]
  if (action === 'restart') return [name, `What it does now is broken off. ${fateSentence(pod.stopFate)}`]
  return [name, `${fateSentence(pod.stopFate)} Its GPU may be taken when you start it again.`]
}

function follow(pod: PodView, options: ActOptions, begin: () => Result<void, string>): Promise<ActOutcome> {
  const { monitor, action, isWaiting, giveUpAfterMs, output, interrupts } = options
  const { doing, past } = actionWords[action]
  return new Promise((resolve, reject) => {
    let intent: Intent | null = null
    let countdown: NodeJS.Timeout | undefined
    let giveUp: NodeJS.Timeout | undefined
    let lastTrouble = ''
    let takenBackBy: number = exitCodes.interrupted

    const end = (exitCode: number, outcome: ActOutcome['outcome'], message: string): void => {
      clearInterval(countdown)
      clearTimeout(giveUp)
      release()
      unsubscribe()
      output.clearStatus()
      resolve({ exitCode, pod, outcome, message })
    }

    function countDown(waiting: Intent): void {
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

    function take(next: Intent): void {
      if (intent !== null && next.id !== intent.id) return
      if (intent === null && (next.podId !== pod.id || !isUnsent(next))) return
      const before = intent
      intent = next
      if (next.phase !== 'scheduled') clearInterval(countdown)
      switch (next.phase) {
        case 'scheduled':
          countDown(next)
          break
        case 'waiting':
          clearTimeout(giveUp)
          giveUp = undefined
          if (next.message !== null && before?.message !== next.message) output.progress(next.message)
          output.status(
            `${pod.name} waits for a GPU · next try in ${formatRemaining(next.waitMs)} · ${interrupts.hint} ends it`,
          )
          break
        case 'sent':
          if (before?.phase === 'sent') {
            if (next.message !== null) output.progress(next.message)
            break
          }
          output.status(`${doing} ${pod.name}: sent to Runpod, waiting for its answer`)
          giveUp ??= setTimeout(lost, giveUpAfterMs)
          break
        case 'accepted':
          if (!isWaiting) end(exitCodes.ok, 'accepted', `Runpod accepted the ${action} of ${pod.name}.`)
          else output.status(`${doing} ${pod.name}: accepted, waiting until it ${past}`)
          break
        case 'observed':
          end(exitCodes.ok, 'observed', next.message ?? `${pod.name} ${past}.`)
          break
        case 'cancelled':
          if (next.message === null)
            end(takenBackBy, 'cancelled', `Taken back: nothing was sent. ${stillOf(pod)}`)
          else end(exitCodes.failed, 'cancelled', next.message)
          break
        case 'failed':
          end(exitCodes.failed, 'failed', failureWords(pod, next))
          break
        case 'did-not-happen':
          end(
            exitCodes.failed,
            'did-not-happen',
            `${pod.name}: the ${action} did not happen. ${next.message ?? ''}`.trim(),
          )
      }
    }

    function lost(): void {
      end(
        exitCodes.unreachable,
        'unknown',
        `The ${action} of ${pod.name} was sent, and what became of it could not be seen in time. Look again with: podkeeper status`,
      )
    }

    const unsubscribe = monitor.subscribe((snapshot) => {
      const trouble = lookProblem(snapshot.connection)?.message ?? ''
      if (trouble !== '' && trouble !== lastTrouble) output.progress(trouble)
      lastTrouble = trouble
      // What could not be written down was not sent, and ended without a record.
      const view = snapshot.pods.find(({ id }) => id === pod.id)?.intent
      if (intent !== null && view?.id === intent.id && view.phase === 'cancelled' && view.message !== null)
        end(exitCodes.failed, 'cancelled', view.message)
    })

    const release = interrupts.listen((exitCode) => {
      if (intent !== null && undoIntent(intent, intent.phaseAt) !== intent) {
        takenBackBy = exitCode ?? exitCodes.interrupted
        const undone = monitor.undo(intent.id)
        if (!undone.ok) output.progress(undone.error)
        return
      }
      if (exitCode === null) output.progress('Too late to take back: it was sent already.')
      else
        end(
          exitCode,
          'unknown',
          `The ${action} of ${pod.name} was sent already, and goes on. Look again with: podkeeper status`,
        )
    })

    options.onRecord(take)
    const begun = begin()
    if (begun.ok) return
    release()
    unsubscribe()
    reject(new Ending(exitCodes.failed, begun.error))
  })
}

function failureWords({ id, name }: PodView, { action, message, lacksGpu }: Intent): string {
  const hint = lacksGpu ? `This waits until one is free: podkeeper start --when-free ${id}` : ''
  return [`${name}: the ${action} failed.`, message ?? '', hint].filter((words) => words !== '').join(' ')
}

const stillOf = ({ name, phase }: PodView): string => `${name} is still ${phase}.`
