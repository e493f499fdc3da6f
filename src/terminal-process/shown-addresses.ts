import type { IBuffer, Terminal } from '@xterm/headless'
import { HYPERLINK, hyperlinkAddress, MAX_LINK_CHARS } from '../core/terminal/output/live-links'

/** The last links of OSC 8 that are remembered. */
const MAX_LINKS = 500

/**
 * Finds whether a terminal shows an address: as text on its screen or in its scrollback, or behind text as a
 * link of OSC 8. A page may only have such an address opened.
 */
export function trackShownAddresses(terminal: Terminal): { readonly doesShow: (address: string) => boolean } {
  const links = new Set<string>()
  terminal.parser.registerOscHandler(HYPERLINK, (data) => {
    const address = hyperlinkAddress(data)
    if (address === '' || address.length > MAX_LINK_CHARS) return false
    links.delete(address)
    links.add(address)
    const [oldest] = links
    if (links.size > MAX_LINKS && oldest !== undefined) links.delete(oldest)
    // The terminal still draws the link.
    return false
  })
  return {
    doesShow: (address) =>
      links.has(address) ||
      isWritten(terminal.buffer.active, address) ||
      isWritten(terminal.buffer.normal, address),
  }
}

/** The newest lines are searched first, because that is where people click. A wrapped line counts as one. */
function isWritten(buffer: IBuffer, address: string): boolean {
  let rest = ''
  for (let row = buffer.length - 1; row >= 0; row--) {
    const line = buffer.getLine(row)
    rest = `${line?.translateToString(rest === '') ?? ''}${rest}`
    if (line?.isWrapped === true) continue
    if (rest.includes(address)) return true
    rest = ''
  }
  return false
}
