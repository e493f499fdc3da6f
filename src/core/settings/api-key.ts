/**
 * Extracts an API key from pasted text: removes spaces, line breaks, quotes and a leading `Bearer` or
 * `NAME=`. Null when the rest cannot be a key. See docs/product-rules.md#9-first-run.
 */
export function parseApiKey(pasted: string): string | null {
  const key = pasted
    .trim()
    .replace(/^(export\s+)?[A-Z_]+\s*=\s*/, '')
    .replace(/^["']|["']$/g, '')
    .replace(/^(authorization:\s*)?bearer\s+/i, '')
    .replace(/\s+/g, '')
  return /^[\w-]{16,256}$/.test(key) ? key : null
}
