import { readFileSync, statSync } from 'node:fs'
import { CliExit, exitCodes } from '../../output/exit'

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
      throw new CliExit(
        exitCodes.usage,
        'A variable without a value must be set in your environment. Nothing was done.',
      )
    return `${text}=${value}`
  })
  if (fromOptions.some((line) => /[\r\n]/.test(line)))
    throw new CliExit(exitCodes.usage, 'A value of --env has more than one line. Nothing was done.')
  return [...fromFile, ...fromOptions]
}

function readLines(path: string): readonly string[] {
  try {
    if (statSync(path).size > MAX_BYTES) throw new Error('it is too large')
    return readFileSync(path, 'utf8').split(/\r?\n/)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new CliExit(exitCodes.usage, `The file of --env-file cannot be read: ${why}. Nothing was done.`)
  }
}
