/** What is needed of the API of xterm.js. Each link marks its lines. */
interface TerminalWithLinks {
  readonly markers: readonly { dispose(): void }[]
  readonly parser: { registerOscHandler(id: number, handler: (data: string) => boolean): unknown }
}

/** A terminal moves each of them with each line that it scrolls. */
export const MAX_LIVE_LINKS = 1_000
/**
 * The longest address of a link in a terminal. Longer ones open in no other terminal either, since Internet Explorer
 * took 2,083 characters, and each is kept in memory.
 */
export const MAX_LINK_CHARS = 2_000
/** Of what stands before the address, such as an id: as much as VTE takes. */
const MAX_PARAMETER_CHARS = 250

export const HYPERLINK = 8

/** The address in the data of an OSC 8, which is empty where a link ends. */
export const hyperlinkAddress = (data: string): string => data.slice(data.indexOf(';') + 1)

/**
 * Limits the links (OSC 8) of a terminal: the newest work, older ones are plain underlined text. Returns a function
 * that must be called after each write.
 */
export function limitLinks(terminal: TerminalWithLinks): () => void {
  // One that is too long is ignored.
  terminal.parser.registerOscHandler(HYPERLINK, (data) => {
    const address = hyperlinkAddress(data)
    return address.length > MAX_LINK_CHARS || data.length - address.length - 1 > MAX_PARAMETER_CHARS
  })
  return () => {
    const { markers } = terminal
    if (markers.length <= MAX_LIVE_LINKS) return
    for (const marker of markers.slice(0, markers.length - MAX_LIVE_LINKS)) marker.dispose()
  }
}
