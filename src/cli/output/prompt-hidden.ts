import type { StandardInput } from './cli-process'
import { CliExit, exitCodes } from './exit'
import { CTRL_C, onKey, type Keyboard } from './terminal'

export interface HiddenPrompt {
  readonly question: string
  /** What ^C ends the command with. */
  readonly canceled: string
  readonly prompt: (text: string) => void
}

/** Reads a line from a terminal without echoing it. */
export function promptHidden(
  keyboard: Keyboard,
  { question, canceled, prompt }: HiddenPrompt,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed = ''
    const release = onKey(keyboard, (key) => {
      if (key === '\r' || key === '\n' || key === '\u0004') finish(() => resolve(typed))
      else if (key === CTRL_C) finish(() => reject(new CliExit(exitCodes.interrupted, canceled)))
      else if (key === '\u007f' || key === '\b') typed = typed.slice(0, -1)
      else if (key === '\u0015') typed = ''
      else if (key >= ' ') typed += key
    })
    // Only now, because the terminal echoes what is typed before the keyboard is read key by key.
    prompt(question)
    const finish = (settle: () => void): void => {
      release()
      prompt('\n')
      settle()
    }
  })
}

/** The lines of an input that is no terminal, up to `maxChars`. */
export async function readLines(input: StandardInput, maxChars: number): Promise<readonly string[]> {
  let text = ''
  for await (const chunk of input.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > maxChars) break
  }
  return text.trim().split('\n')
}
