import { readFileSync, statSync } from 'node:fs'
import { errorText } from '../../../core/base/text/error-text'
import { CliExit, exitCodes } from '../../output/exit'
import { withNothing } from '../../output/nothing-text'
import { createOptionText, presetText } from './create-text'

const MAX_BYTES = 1_000_000

/**
 * The lines of `NAME=value` that `--env-file` and `--env` give; a name alone takes the value that this command has.
 * Throws a `CliExit` that never has a value.
 */
export function environmentLines(
  given: readonly string[],
  file: string | undefined,
  own: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const fromFile = file === undefined ? [] : readLines(file)
  const fromOptions = given.map((text) => {
    if (text.includes('=')) return text
    const value = own[text]
    if (value === undefined)
      throw new CliExit(exitCodes.usage, withNothing(createOptionText.unsetVariable(text), 'done'))
    return `${text}=${value}`
  })
  if (fromOptions.some((line) => /[\r\n]/.test(line)))
    throw new CliExit(exitCodes.usage, withNothing(createOptionText.severalLines, 'done'))
  return [...fromFile, ...fromOptions]
}

function readLines(path: string): readonly string[] {
  try {
    if (statSync(path).size > MAX_BYTES) throw new Error(presetText.tooLarge)
    return readFileSync(path, 'utf8').split(/\r?\n/)
  } catch (cause) {
    throw new CliExit(exitCodes.usage, withNothing(createOptionText.fileNotRead(errorText(cause)), 'done'))
  }
}
