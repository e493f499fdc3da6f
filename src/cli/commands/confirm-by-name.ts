import { createInterface } from 'node:readline'
import { plainText } from '../../core/base/text/plain-text'
import type { ConfirmationPurpose } from '../../core/confirmation/confirmation'
import type { PodId } from '../../core/pods/pod'
import type { ControlHandlers } from '../../node/control/control-requests'
import { refusalExit } from '../account/open-control'
import { CliExit, exitCodes } from '../output/exit'
import { nothingText } from '../output/nothing-text'
import type { CliOutput, Keyboard } from '../output/terminal'
import { confirmText } from './commands-text'

export interface Confirmation {
  /** The value given on the command line instead of typing it; null if none. */
  readonly nameOption: string | null
  /** Null if there is no terminal to type in. */
  readonly keyboard: Keyboard | null
  readonly output: CliOutput
}

/**
 * Prints what will be destroyed and asks for the pod's name. The program that acts compares it, after another read of
 * the pod. Throws a `CliExit`, with nothing done, if nothing is given.
 */
export async function confirmByName(
  requests: Pick<ControlHandlers, 'askConfirmation'>,
  podId: PodId,
  purpose: ConfirmationPurpose,
  { nameOption, keyboard, output }: Confirmation,
): Promise<{ readonly token: string; readonly typed: string }> {
  const question = await requests.askConfirmation(podId, purpose)
  if (!question.ok) throw refusalExit(question.error, true)
  const { token, title, lines, label } = question.value
  for (const line of [title, ...lines.map((text) => `  ${text}`)]) output.progress(line)
  const typed = nameOption ?? (keyboard === null ? null : await promptLine(keyboard, `${plainText(label)}: `))
  if (typed === null) throw new CliExit(exitCodes.usage, confirmText.needsName(label))
  return { token, typed }
}

/** Reads one line without its line ending; ^C and ^D decline. */
export function promptLine(keyboard: Keyboard, prompt: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: keyboard.keys, output: keyboard.screen, historySize: 0 })
    lines.on('close', () => reject(new CliExit(exitCodes.interrupted, nothingText.done)))
    lines.question(prompt, (line) => {
      resolve(line)
      lines.close()
    })
  })
}
