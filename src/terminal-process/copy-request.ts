import { MAX_COPIED_CHARS } from '../shared/terminal-process'

/** The command (OSC) by which a program sets or reads the clipboard. */
export const CLIPBOARD = 52

/** Base64 takes four characters per three bytes, and UTF-8 at most four bytes per character. */
const MAX_BASE64_CHARS = Math.ceil((MAX_COPIED_CHARS * 4) / 3) * 4

/**
 * The text that the data of `ESC ] 52 ; …` sets the clipboard to. Null: it reads the clipboard, which is never answered,
 * is too long or invalid. See docs/quality.md#44-escape-sequences-and-links.
 */
export function readCopyRequest(data: string): string | null {
  if (data.length > MAX_BASE64_CHARS + MAX_TARGET_CHARS) return null
  const payload = /^[cpqs0-7]*;(.*)$/s.exec(data)?.[1]
  if (payload === undefined) return null
  const text = decodeBase64(payload)
  return text === null || text === '' || text.length > MAX_COPIED_CHARS ? null : text
}

/** Of what stands before the text. */
const MAX_TARGET_CHARS = 20

function decodeBase64(base64: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
