/** What is needed of the API of xterm.js. Each link marks its lines. */
interface TerminalWithLinks {
  readonly markers: readonly { dispose(): void }[]
  readonly parser: { registerOscHandler(id: number, handler: (data: string) => boolean): unknown }
}

/** A terminal moves each of them with each line that it scrolls. */
export const MAX_LIVE_LINKS = 1_000
/** More than browsers open. */
export const MAX_HYPERLINK_CHARS = 4_096

const HYPERLINK = 8

/**
 * Limits the links (OSC 8) of a terminal: the newest work, older ones are plain underlined text. Returns a function that
 * must be called after each write.
 */
export function limitLinks(terminal: TerminalWithLinks): () => void {
  // One that is too long is ignored.
  terminal.parser.registerOscHandler(HYPERLINK, (data) => data.length > MAX_HYPERLINK_CHARS)
  return () => {
    const { markers } = terminal
    if (markers.length <= MAX_LIVE_LINKS) return
    for (const marker of markers.slice(0, markers.length - MAX_LIVE_LINKS)) marker.dispose()
  }
}
