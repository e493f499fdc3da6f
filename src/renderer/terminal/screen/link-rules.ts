const MAX_CHARS = 2_000

/**
 * The address that a click on `text` may open, as a browser would write it, so that a look-alike host shows; null: none.
 * Only https, and nobody's name or word in it, which would hide the host.
 */
export function openableAddress(text: string): string | null {
  const url = text.length > MAX_CHARS ? null : parse(text)
  if (url === null) return null
  const { protocol, username, password, href } = url
  return protocol === 'https:' && username === '' && password === '' && href.length <= MAX_CHARS ? href : null
}

function parse(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

/** Whether a click means to open what it hits: a plain one selects. */
export function isOpeningClick(
  event: Pick<MouseEvent, 'ctrlKey' | 'metaKey' | 'button'>,
  isMac: boolean,
): boolean {
  return event.button === 0 && (isMac ? event.metaKey : event.ctrlKey)
}

/** What a tip says of the address under the pointer. */
export function linkTip(text: string, isMac: boolean): string {
  const address = openableAddress(text)
  return address === null
    ? `Not opened, since it is no plain https address: ${text.slice(0, 300)}`
    : `${isMac ? '⌘' : 'Ctrl'}-click opens ${address}`
}
