/** Pages are served from `podkeeper://app/`, their own origin, never from file://. */
export const SCHEME = 'podkeeper'
const HOST = 'app'

export const pageUrl = (page: string): string => `${SCHEME}://${HOST}/${page}`

/** Whether an address is one of our pages. Parsed, because comparing string prefixes is unsafe. */
export function isAppUrl(address: string): boolean {
  const url = parseUrl(address)
  return url?.protocol === `${SCHEME}:` && url.host === HOST && url.username === '' && url.password === ''
}

/**
 * The file for an address, relative to the root of the pages; null when there is none. Only plain names are
 * allowed.
 */
export function pagePath(address: string): string | null {
  const url = parseUrl(address)
  // Addresses with a query or unusual characters do not name a file.
  if (url === null || !isAppUrl(address) || /[?\\]|%00/.test(address)) return null
  const parts = url.pathname.split('/').slice(1)
  return parts.length > 0 && parts.every((part) => /^[\w-][\w.-]*$/.test(part)) ? parts.join('/') : null
}

/** Confirms destructive actions in a separate window. */
export const CONFIRM_PAGE = 'confirm.html'

/** Replaces a page that is lost repeatedly. */
export const RECOVERY_PAGE = 'recovery.html'

/** Whether this is a navigation from the recovery page to one of our pages. */
export function isRecoveryNavigation(from: string, to: string): boolean {
  return pagePath(from) === RECOVERY_PAGE && pagePath(to)?.endsWith('.html') === true
}

/** Null when it is not a valid address. */
export function parseUrl(address: string): URL | null {
  try {
    return new URL(address)
  } catch {
    return null
  }
}
