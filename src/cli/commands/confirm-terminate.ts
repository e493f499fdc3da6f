import { createInterface } from 'node:readline'
import type { ReadStream } from 'node:tty'
import { confirm, confirmationText, type Confirmed, shownPod } from '../../core/confirmation/confirmation'
import type { ConfirmedActions } from '../../core/confirmation/confirmed-actions'
import type { PodId } from '../../core/pods/pod'
import { plainText } from '../../core/base/plain-text'
import { CliExit, exitCodes } from '../output/exit'
import type { CliOutput } from '../output/terminal'

export interface TerminateConfirmation {
  /** The value given on the command line instead of typing it; null if none. */
  readonly nameOption: string | null
  /** Null if there is no terminal to type in. */
  readonly keyboard: ReadStream | null
  readonly nowMs: number
  readonly output: CliOutput
}

/**
 * Prints what will be destroyed and asks for the pod's name. Throws a `CliExit`, with nothing done, if the name is not
 * given.
 */
export async function confirmTerminate(
  monitor: ConfirmedActions,
  podId: PodId,
  { nameOption, keyboard, nowMs, output }: TerminateConfirmation,
): Promise<Confirmed> {
  const { accountId, pods } = monitor.accountPods()
  const pod = pods.find(({ id }) => id === podId)
  if (!pod) throw new CliExit(exitCodes.notFound, 'That pod is not in the list any more. Nothing was done.')
  const shown = shownPod(accountId, pod, pods)
  const { title, lines, label } = confirmationText('terminate', pod, shown, nowMs)
  for (const line of [title, ...lines.map(({ text }) => `  ${text}`)]) output.progress(line)
  const typed = nameOption ?? (keyboard === null ? null : await promptLine(keyboard, `${plainText(label)}: `))
  if (typed === null)
    throw new CliExit(
      exitCodes.usage,
      `Nothing was done: without a terminal it takes --confirm-name. ${label}.`,
    )
  const confirmed = confirm(shown, typed)
  if (confirmed === null)
    throw new CliExit(exitCodes.failed, `That is not what has to be typed. ${label}. Nothing was done.`)
  const refreshed = await monitor.refreshPod(podId)
  if (!refreshed.ok)
    throw new CliExit(
      exitCodes.unreachable,
      `Nothing was done, since the pod could not be read: ${refreshed.error}`,
    )
  return confirmed
}

/** Reads one line without its line ending; ^C and ^D decline. */
function promptLine(keyboard: ReadStream, prompt: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: keyboard, output: process.stderr, historySize: 0 })
    lines.on('close', () => reject(new CliExit(exitCodes.interrupted, 'Nothing was done.')))
    lines.question(prompt, (line) => {
      resolve(line)
      lines.close()
    })
  })
}
