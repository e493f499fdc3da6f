/** Windows are served from `podkeeper://app/`, an origin of their own, never from file://. */
export const SCHEME = 'podkeeper'
const HOST = 'app'

export const pageUrl = (page: string): string => `${SCHEME}://${HOST}/${page}`

/** Whether a frame's address is one of our pages. Prefixes of strings prove nothing, hence the parsing. */
export function isOurUrl(address: string): boolean {
  const url = parseUrl(address)
  return url?.protocol === `${SCHEME}:` && url.host === HOST && url.username === '' && url.password === ''
}

/** The file that an address names, below the root of the pages; null when it names none. Plain names only. */
export function pagePath(address: string): string | null {
  const url = parseUrl(address)
  // Whoever asks with more than a path, means something that files do not have.
  if (url === null || !isOurUrl(address) || /[?\\]|%00/.test(address)) return null
  const parts = url.pathname.split('/').slice(1)
  return parts.length > 0 && parts.every((part) => /^[\w-][\w.-]*$/.test(part)) ? parts.join('/') : null
}

/** Asks before something is destroyed, in a window of its own. */
export const CONFIRM_PAGE = 'confirm.html'

/** Stands in for a page that is lost again and again. */
export const RECOVERY_PAGE = 'recovery.html'

/** Whether a way leads from the recovery page to one of our pages. */
export function leadsBack(from: string, to: string): boolean {
  return pagePath(from) === RECOVERY_PAGE && pagePath(to)?.endsWith('.html') === true
}

/** Null when it is no address. */
export function parseUrl(address: string): URL | null {
  try {
    return new URL(address)
  } catch {
    return null
  }
}
