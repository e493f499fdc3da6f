/** Above so many characters a paste is asked about, however few lines it has. */
export const LONG_PASTE_CHARS = 5_000

/** Control characters that act on a terminal instead of being read: C0 but tab and return, DEL, C1. */
// oxlint-disable-next-line no-control-regex -- what is to be taken out
const CONTROLS = /[\0-\x08\x0A-\x0C\x0E-\x1F\x7F-\x9F]/g

/**
 * `text` as it may be typed: lines end in a return, and nothing in it can leave bracketed paste or give a terminal
 * an order. Source: quality rules for terminals, "Paste".
 */
export function cleanPaste(text: string): string {
  return text.replace(/\r?\n/g, '\r').replace(CONTROLS, '')
}

export type PasteRisk =
  { readonly kind: 'lines'; readonly count: number } | { readonly kind: 'long'; readonly chars: number }

/**
 * What a person should know before `cleaned` is typed; null: nothing. `isBracketed`: the program takes a paste as one,
 * so that a return in it runs nothing.
 */
export function pasteRisk(cleaned: string, isBracketed: boolean): PasteRisk | null {
  const count = cleaned.split('\r').length
  if (count > 1 && !isBracketed) return { kind: 'lines', count: lineCount(cleaned) }
  return cleaned.length > LONG_PASTE_CHARS ? { kind: 'long', chars: cleaned.length } : null
}

/** A return at the end begins no line. */
function lineCount(cleaned: string): number {
  return cleaned.replace(/\r$/, '').split('\r').length
}

/** What goes over the wire for it. */
export function pasteAsTyped(cleaned: string, isBracketed: boolean): string {
  return isBracketed ? `\u001B[200~${cleaned}\u001B[201~` : cleaned
}
