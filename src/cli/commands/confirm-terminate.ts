import { createInterface } from 'node:readline'
import type { ReadStream } from 'node:tty'
import { confirm, confirmationWords, type Confirmed, shownPod } from '../../core/confirmation/confirmation'
import type { ConfirmedActions } from '../../core/confirmation/confirmed-actions'
import type { PodId } from '../../core/pods/pod'
import { plainText } from '../../core/base/plain-text'
import { Ending, exitCodes } from '../output/exit'
import type { Output } from '../output/terminal'

export interface TerminateQuestion {
  /** What was given on the command line in place of typing it; null: nothing. */
  readonly given: string | null
  /** Null: nobody is there to type. */
  readonly keys: ReadStream | null
  readonly nowMs: number
  readonly output: Output
}

/**
 * Says what is destroyed, and asks for the pod's name. Throws an `Ending` when it is not given; nothing was done then.
 */
export async function confirmTerminate(
  monitor: ConfirmedActions,
  podId: PodId,
  { given, keys, nowMs, output }: TerminateQuestion,
): Promise<Confirmed> {
  const { accountId, pods } = monitor.seen()
  const pod = pods.find(({ id }) => id === podId)
  if (!pod) throw new Ending(exitCodes.notFound, 'That pod is not in the list any more. Nothing was done.')
  const shown = shownPod(accountId, pod, pods)
  const { title, lines, label } = confirmationWords('terminate', pod, shown, nowMs)
  for (const line of [title, ...lines.map(({ text }) => `  ${text}`)]) output.progress(line)
  const typed = given ?? (keys === null ? null : await typeLine(keys, `${plainText(label)}: `))
  if (typed === null)
    throw new Ending(
      exitCodes.usage,
      `Nothing was done: without a terminal it takes --confirm-name. ${label}.`,
    )
  const confirmed = confirm(shown, typed)
  if (confirmed === null)
    throw new Ending(exitCodes.failed, `That is not what has to be typed. ${label}. Nothing was done.`)
  const looked = await monitor.readAfresh(podId)
  if (!looked.ok)
    throw new Ending(
      exitCodes.unreachable,
      `Nothing was done, since the pod could not be read: ${looked.error}`,
    )
  return confirmed
}

/** A line as it was typed, without its end; ^C and ^D are a no. */
function typeLine(keys: ReadStream, prompt: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: keys, output: process.stderr, historySize: 0 })
    lines.on('close', () => reject(new Ending(exitCodes.interrupted, 'Nothing was done.')))
    lines.question(prompt, (line) => {
      resolve(line)
      lines.close()
    })
  })
}
