import { plainText } from '../base/text/plain-text'

const MAX_TITLE_CHARS = 200

/** Sanitizes the title that a program on a pod sets for its terminal. */
export function terminalTitle(text: string): string {
  return Array.from(plainText(text.slice(0, 4 * MAX_TITLE_CHARS)))
    .slice(0, MAX_TITLE_CHARS)
    .join('')
    .trim()
}
