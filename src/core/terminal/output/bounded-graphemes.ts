/** What xterm.js asks about characters, as `IUnicodeVersionProvider` of its API. */
export interface UnicodeProvider {
  readonly version: string
  wcwidth(codePoint: number): 0 | 1 | 2
  /** Packs the width of a character, and whether it joins the preceding one. */
  charProperties(codePoint: number, preceding: number): number
}

/**
 * Characters that may join another one in its cell. It is the limit of Unicode's Stream-Safe Text Format; the longest
 * emoji join nine.
 */
export const MAX_JOINED = 30

const JOINS = 1
const WIDTH_SHIFT = 1
const WIDTH = 3
/** The provider's own properties take 24 bits; above them is counted how many characters have joined. */
const COUNT_SHIFT = 24
const PROPERTIES = (1 << COUNT_SHIFT) - 1
const NO_MORE = MAX_JOINED << COUNT_SHIFT

interface UnicodeHandling {
  register(provider: UnicodeProvider): void
  activeVersion: string
}

/** What is needed of the API of xterm.js. */
interface GraphemeTerminal {
  readonly cols: number
  readonly modes: { readonly wraparoundMode: boolean }
  readonly buffer: { readonly active: { readonly cursorX: number } }
  readonly unicode: UnicodeHandling
}

/**
 * Limits how many characters share a cell: xterm.js joins any number, and a cell's text costs as much memory as it is
 * long. Those that are too many get cells of their own.
 */
function boundGraphemes(provider: UnicodeProvider, terminal: GraphemeTerminal): UnicodeProvider {
  /**
   * Without wrapping, a wide character is not drawn in the last column, and what joins it would join the one before.
   */
  const isDrawn = (properties: number): boolean =>
    ((properties >> WIDTH_SHIFT) & WIDTH) < 2 ||
    terminal.buffer.active.cursorX + 2 <= terminal.cols ||
    terminal.modes.wraparoundMode
  return {
    version: bounded(provider.version),
    wcwidth: (codePoint) => provider.wcwidth(codePoint),
    charProperties(codePoint, preceding) {
      const properties = provider.charProperties(codePoint, preceding & PROPERTIES)
      if ((properties & JOINS) === 0) return isDrawn(properties) ? properties : properties | NO_MORE
      const joined = (preceding >> COUNT_SHIFT) + 1
      return joined > MAX_JOINED
        ? provider.charProperties(codePoint, 0) | NO_MORE
        : properties | (joined << COUNT_SHIFT)
    },
  }
}

const bounded = (version: string): string => `${version}-bounded`

/** For the addon of grapheme clusters in place of the terminal's own `unicode`: limits what it registers. */
export function boundedUnicode(terminal: GraphemeTerminal): UnicodeHandling {
  const { unicode } = terminal
  return {
    register: (provider) => unicode.register(boundGraphemes(provider, terminal)),
    get activeVersion() {
      return unicode.activeVersion
    },
    set activeVersion(version) {
      unicode.activeVersion = bounded(version)
    },
  }
}
