import { isLoopback } from '../../core/base/loopback'
import { fail, ok, type Result } from '../../core/base/result'

/** Which addresses a provider may have: any host over https, or this machine only (simulator, tests). */
export type HostRule = 'any' | 'loopback-only'

/**
 * Parses an API address that a person typed. It must use https unless it is on loopback. The error is a
 * sentence for the user. See docs/product-rules.md#9-first-run.
 */
export function parseBaseUrl(text: string, hosts: HostRule): Result<URL, string> {
  const trimmed = text.trim()
  if (!/^https?:\/\//i.test(trimmed)) return fail('The address must begin with https://.')
  const url = parseUrl(trimmed)
  if (url === null) return fail('This is not a valid address.')
  if (url.username !== '' || url.password !== '') {
    return fail('The address must not contain a user name or password.')
  }
  if (trimmed.includes('#')) return fail('The address must not contain a “#” part.')
  if (trimmed.includes('?')) return fail('The address must not contain a “?” part.')
  if (isLoopback(url.hostname)) return ok(url)
  if (hosts === 'loopback-only') return fail('Only addresses of this computer are allowed here.')
  if (url.protocol !== 'https:') return fail('The address must begin with https://, or be on this computer.')
  return ok(url)
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}
