import { plainText } from './plain-text'

const MAX_NAME = 40

/** The name of a computer as it can be shown anywhere: on one line, printable, short. Empty: none of it can be used. */
export const computerName = (text: string): string =>
  plainText(text.slice(0, 4 * MAX_NAME))
    .replace(/[<>&"'`\\]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_NAME)
    .trim()

/** Why a name is rejected, to follow "must"; null when it is valid. */
export const computerNameProblem = (text: string): string | null =>
  computerName(text) === text.trim() && text.trim() !== ''
    ? null
    : `must be at most ${MAX_NAME} characters, without < > & " ' \` \\`
