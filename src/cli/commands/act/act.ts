import { plainText } from '../../../core/base/text/plain-text'
import { formatUsdPerHour } from '../../../core/base/text/format'
import type { IntentAction } from '../../../core/intents/intent'
import type { ControlledPodView } from '../../../node/control/control-requests'
import { refusalExit } from '../../account/open-control'
import { CliExit, exitCodes } from '../../output/exit'
import { accountJson, JSON_VERSION, type NamedAccount } from '../../output/json'
import { nothingText } from '../../output/nothing-text'
import { type Confirmation, confirmByName, promptLine } from '../confirm-by-name'
import { connectionExit } from '../first-snapshot'
import { findPod } from '../find/find-pod'
import { type ActOutcome, followIntent, type FollowOptions } from './follow-intent'
import { actText } from './act-text'

export interface ActCommandOptions extends FollowOptions {
  /** For a start: retry until a GPU is free. */
  readonly waitsForGpu: boolean
  /** For a stop and a restart: without time to undo it, and without asking where nothing survives a stop. */
  readonly isImmediate: boolean
  /** How a terminate is confirmed, and a stop after which nothing survives. */
  readonly confirmation: Confirmation
  /** An id or a name. */
  readonly podQuery: string
  /** Whether the pod is one of a lab, whose restart of a stopped pod is a start. */
  readonly isLab?: boolean
  /** Where to terminate a pod, where the API cannot. */
  readonly webApp?: string | null
}

/** Starts or stops one pod like the app and follows it to the end. Throws a `CliExit` if nothing was begun. */
export async function act(options: ActCommandOptions): Promise<ActOutcome> {
  const { control, podQuery, output } = options
  const account = await control.requests.account()
  if (!account.ok) throw refusalExit(account.error, true)
  for (const text of control.notices()) output.progress(text)
  const problem = connectionExit(account.value.connection)
  if (problem) throw problem
  const pod = findPod(account.value.pods, podQuery)
  // An action in progress may be about to change the pod's state.
  if (pod.openAction !== null) throw new CliExit(exitCodes.failed, actText.inProgress(pod))
  const action = actionFor(pod, options)
  const isAlreadyDone =
    (action === 'stop' && pod.phase === 'stopped') ||
    (action === 'start' && pod.phase === 'running') ||
    (action === 'terminate' && pod.phase === 'terminated')
  if (isAlreadyDone && !pod.actions.includes(action))
    return {
      exitCode: exitCodes.ok,
      pod,
      outcome: 'not-needed',
      message: actText.alreadyDone(pod),
    }
  if (action === 'terminate') {
    if (!pod.actions.includes(action) && typeof options.webApp === 'string')
      throw new CliExit(exitCodes.failed, actText.onlyInWebApp(pod.name, options.webApp))
    if (!pod.actions.includes(action)) throw new CliExit(exitCodes.failed, actText.notNow(pod.name))
    const { token, typed } = await confirmByName(control.requests, pod.id, 'terminate', options.confirmation)
    return followIntent(pod, options, () => control.requests.answerConfirmation(token, typed))
  }
  if (action !== options.action) output.progress(actText.bootsIt(pod))
  for (const line of preambleLines(pod, action)) output.progress(line)
  if (action === 'stop' && pod.actions.includes(action) && !pod.isDataKept) await confirmLoss(pod, options)
  return followIntent(pod, { ...options, action }, () =>
    options.waitsForGpu
      ? control.requests.startWhenFree(pod.id)
      : control.requests.act(pod.id, action, options.isImmediate),
  )
}

/** A restart of a stopped pod boots it at a lab, by Hubify's documents; elsewhere it is refused with what does. */
function actionFor(
  { name, phase, actions }: ControlledPodView,
  { action, isLab }: ActCommandOptions,
): IntentAction {
  if (action !== 'restart' || phase !== 'stopped' || !actions.includes('start')) return action
  if (!isLab) throw new CliExit(exitCodes.failed, actText.startIt(name))
  return 'start'
}

/** A stop after which nothing surely survives takes a yes. Throws a `CliExit` without one, with nothing done. */
async function confirmLoss(
  pod: ControlledPodView,
  { control, isImmediate, confirmation: { keyboard } }: ActCommandOptions,
): Promise<void> {
  if (isImmediate) return
  if (keyboard === null) throw new CliExit(exitCodes.usage, actText.needsYes(pod.name))
  if ((await promptLine(keyboard, actText.askYes(plainText(pod.name)))) !== 'yes')
    throw new CliExit(exitCodes.failed, nothingText.done)
  const account = await control.requests.account()
  if (!account.ok) throw refusalExit(account.error, true)
  const now = account.value.pods.find(({ id }) => id === pod.id)
  if (now?.stopImpactText !== pod.stopImpactText)
    throw new CliExit(exitCodes.failed, actText.changed(pod.name))
}

export const outcomeJson = (
  action: IntentAction,
  { pod, outcome, message }: ActOutcome,
  account: NamedAccount,
): string =>
  JSON.stringify({
    version: JSON_VERSION,
    action,
    account: accountJson(account),
    pod: { id: pod.id, name: pod.name },
    outcome,
    message,
  })

function preambleLines(pod: ControlledPodView, action: IntentAction): string[] {
  // Runpod reports a price of 0 for a stopped pod, which is not what it will cost.
  const hasPrice = action !== 'start' && pod.costPerHourUsd !== null
  const cost = hasPrice ? ` · ${formatUsdPerHour(pod.costPerHourUsd ?? 0)}` : ''
  const what = [pod.hardware ?? '', cost].join('')
  const name = `${pod.name} (${pod.id})${what === '' ? '' : `: ${what.replace(/^ · /, '')}`}`
  if (action === 'start') return [name]
  if (action === 'restart') return [name, actText.restarts(pod)]
  return [name, actText.stops(pod)]
}
