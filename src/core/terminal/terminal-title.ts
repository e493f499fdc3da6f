import { plainText } from '../base/plain-text'

const MAX_TITLE_CHARS = 200

/** What a program on a pod wants its terminal to be called, as it may be shown: no more than text. */
export function terminalTitle(text: string): string {
  return Array.from(plainText(text.slice(0, 4 * MAX_TITLE_CHARS)))
    .slice(0, MAX_TITLE_CHARS)
    .join('')
    .trim()
}
