import { MAX_LINK_CHARS } from '../../../core/terminal/output/live-links'
import { screenText } from './screen-text'

/**
 * The address that a click on `text` may open, normalized to punycode so that a look-alike host is visible;
 * null when it may not be opened. Only https, and without user name and password, which could hide the host.
 */
export function openableUrl(text: string): string | null {
  const url = text.length > MAX_LINK_CHARS ? null : parseUrl(text)
  if (url === null) return null
  const { protocol, username, password, href } = url
  return protocol === 'https:' && username === '' && password === '' && href.length <= MAX_LINK_CHARS
    ? href
    : null
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

/** Whether a click opens a link: a modifier is required, since a plain click selects text. */
export function isLinkClick(
  event: Pick<MouseEvent, 'ctrlKey' | 'metaKey' | 'button'>,
  isMac: boolean,
): boolean {
  return event.button === 0 && (isMac ? event.metaKey : event.ctrlKey)
}

/** Tooltip for the address under the pointer. */
export function linkTooltip(text: string, isMac: boolean): string {
  const url = openableUrl(text)
  return url === null ? screenText.linkNotOpened(text.slice(0, 300)) : screenText.linkOpens(isMac, url)
}
