/** A longer paste is confirmed even if it has one line. */
export const LONG_PASTE_CHARS = 5_000

/** Control characters except tab and return: C0, DEL, C1. */
// oxlint-disable-next-line no-control-regex -- matches the characters to remove
const CONTROL_CHARACTERS = /[\0-\x08\x0A-\x0C\x0E-\x1F\x7F-\x9F]/g

/**
 * Makes `text` safe to type: lines end in a return, and control characters that could leave bracketed paste
 * or control the terminal are removed. Rule: docs/quality.md#42-paste
 */
export function cleanPaste(text: string): string {
  return text.replace(/\r?\n/g, '\r').replace(CONTROL_CHARACTERS, '')
}

export type PasteRisk =
  | { readonly kind: 'lines'; readonly count: number }
  | { readonly kind: 'long'; readonly chars: number }

/**
 * Why a paste needs confirmation; null when it doesn't. `isBracketed`: the program handles the paste as a
 * whole, so that a return in it doesn't run a command.
 */
export function pasteRisk(cleaned: string, isBracketed: boolean): PasteRisk | null {
  const count = cleaned.split('\r').length
  if (count > 1 && !isBracketed) return { kind: 'lines', count: lineCount(cleaned) }
  return cleaned.length > LONG_PASTE_CHARS ? { kind: 'long', chars: cleaned.length } : null
}

/** A trailing return doesn't start another line. */
function lineCount(cleaned: string): number {
  return cleaned.replace(/\r$/, '').split('\r').length
}

/** The characters that are sent to the pod. */
export function encodePaste(cleaned: string, isBracketed: boolean): string {
  return isBracketed ? `\u001B[200~${cleaned}\u001B[201~` : cleaned
}
