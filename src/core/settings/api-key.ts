/**
 * An API key out of pasted text: without spaces, line ends, quotes, a `Bearer` or a `NAME=` before it. Null
 * when what is left cannot be a key. Product rules, "First run".
 */
export function parseKey(pasted: string): string | null {
  const key = pasted
    .trim()
    .replace(/^(export\s+)?[A-Z_]+\s*=\s*/, '')
    .replace(/^["']|["']$/g, '')
    .replace(/^(authorization:\s*)?bearer\s+/i, '')
    .replace(/\s+/g, '')
  return /^[\w-]{16,256}$/.test(key) ? key : null
}
