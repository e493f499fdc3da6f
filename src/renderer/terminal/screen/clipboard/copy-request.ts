import { MAX_COPIED_CHARS } from '../../../../shared/requests/pod/terminal-requests'

/** A clipboard request by OSC 52: docs/quality.md#44-escape-sequences-and-links */
export type CopyRequest =
  /** Reading the clipboard: always refused, without a reply. */
  | { readonly kind: 'read' }
  | { readonly kind: 'write'; readonly text: string }
  | { readonly kind: 'too-long' }
  | { readonly kind: 'invalid' }

/** Base64 takes four characters per three bytes, and UTF-8 at most four bytes per character. */
const MAX_BASE64_CHARS = Math.ceil((MAX_COPIED_CHARS * 4) / 3) * 4

/** Parses the data of `ESC ] 52 ; …`. */
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
