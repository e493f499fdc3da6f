import { MAX_COPIED_CHARS } from '../../../shared/terminal-requests'

/** What a program asks of the clipboard by OSC 52. */
export type CopyRequest =
  /** To be told what is on it: always refused, without an answer. */
  | { readonly kind: 'read' }
  | { readonly kind: 'write'; readonly text: string }
  | { readonly kind: 'too-long' }
  | { readonly kind: 'invalid' }

/** Four characters of base64 for three bytes, and at most four bytes a character. */
const MAX_BASE64_CHARS = Math.ceil((MAX_COPIED_CHARS * 4) / 3) * 4

/** Reads what stands between `ESC ] 52 ;` and its end. */
export function readCopyRequest(data: string): CopyRequest {
  const parts = /^[cpqs0-7]*;(.*)$/s.exec(data)
  const payload = parts?.[1]
  if (payload === undefined) return { kind: 'invalid' }
  if (payload === '?') return { kind: 'read' }
  if (payload.length > MAX_BASE64_CHARS) return { kind: 'too-long' }
  const text = decodeBase64(payload)
  if (text === null || text === '') return { kind: 'invalid' }
  return text.length > MAX_COPIED_CHARS ? { kind: 'too-long' } : { kind: 'write', text }
}

function decodeBase64(base64: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
