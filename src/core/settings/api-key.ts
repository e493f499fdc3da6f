import type { ProviderKind } from './account-record'

/** What keys of a provider are known to begin with. */
const prefixes: Readonly<Record<ProviderKind, readonly string[]>> = {
  runpod: ['rpa_'],
  hubify: ['hfy_', 'hk_', 'hbf_'],
}
/** Well above any clipboard with one key in it. */
const MAX_PASTED_CHARS = 1_000

/**
 * Extracts the one API key that a pasted text is: without spaces around it, quotes and a leading `Bearer` or
 * `NAME=`. Null for anything else, such as a password or several words, which must not be sent anywhere, and a
 * key that is known to be for another provider. See docs/product-rules.md#9-first-run.
 */
export function parseApiKey(pasted: string, provider: ProviderKind = 'runpod'): string | null {
  if (pasted.length > MAX_PASTED_CHARS) return null
  const key = pasted
    .trim()
    .replace(/^(export\s+)?[A-Z_]+\s*=\s*/, '')
    .replace(/^["']|["']$/g, '')
    .replace(/^(authorization:\s*)?bearer\s+/i, '')
  const owner = ownerOf(key)
  if (owner !== null && owner !== provider) return null
  return looksLikeKey(key, owner !== null) ? key : null
}

const ownerOf = (key: string): ProviderKind | null =>
  (['runpod', 'hubify'] as const).find((kind) => prefixes[kind].some((prefix) => key.startsWith(prefix))) ??
  null

/** Keys without a known prefix, of older accounts and other servers, have to look random. */
function looksLikeKey(text: string, hasKnownPrefix: boolean): boolean {
  if (hasKnownPrefix) return /^[\w-]{16,256}$/.test(text)
  return /^[\w-]{32,256}$/.test(text) && /\d/.test(text) && /[A-Za-z]/.test(text)
}
