/** What Runpod's keys begin with. */
const KNOWN_PREFIX = 'rpa_'
/** Well above any clipboard with one key in it. */
const MAX_PASTED_CHARS = 1_000

/**
 * Extracts the one API key that a pasted text is: without spaces around it, quotes and a leading `Bearer` or
 * `NAME=`. Null for anything else, such as a password or several words, which must not be sent anywhere. See
 * docs/product-rules.md#9-first-run.
 */
export function parseApiKey(pasted: string): string | null {
  if (pasted.length > MAX_PASTED_CHARS) return null
  const key = pasted
    .trim()
    .replace(/^(export\s+)?[A-Z_]+\s*=\s*/, '')
    .replace(/^["']|["']$/g, '')
    .replace(/^(authorization:\s*)?bearer\s+/i, '')
  return looksLikeKey(key) ? key : null
}

/** Keys without the known prefix, of older accounts and other servers, have to look random. */
function looksLikeKey(text: string): boolean {
  if (text.startsWith(KNOWN_PREFIX)) return /^[\w-]{16,256}$/.test(text)
  return /^[\w-]{32,256}$/.test(text) && /\d/.test(text) && /[A-Za-z]/.test(text)
}
