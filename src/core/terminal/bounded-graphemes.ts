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
/** The provider's own properties take 24 bits; above them is counted how many characters have joined. */
const COUNT_SHIFT = 24
const PROPERTIES = (1 << COUNT_SHIFT) - 1

/**
 * Limits how many characters share a cell: xterm.js joins any number, and a cell's text costs as much memory as it is
 * long. One that is too many begins a cell of its own.
 */
export function boundGraphemes(provider: UnicodeProvider): UnicodeProvider {
  return {
    version: `${provider.version}-bounded`,
    wcwidth: (codePoint) => provider.wcwidth(codePoint),
    charProperties(codePoint, preceding) {
      const properties = provider.charProperties(codePoint, preceding & PROPERTIES)
      if ((properties & JOINS) === 0) return properties
      const joined = (preceding >> COUNT_SHIFT) + 1
      return joined > MAX_JOINED
        ? provider.charProperties(codePoint, 0)
        : properties | (joined << COUNT_SHIFT)
    },
  }
}

interface UnicodeHandling {
  register(provider: UnicodeProvider): void
  activeVersion: string
}

/** For the addon of grapheme clusters in place of the terminal's own `unicode`: limits what it registers. */
export function boundedUnicode(unicode: UnicodeHandling): UnicodeHandling {
  return {
    register: (provider) => unicode.register(boundGraphemes(provider)),
    get activeVersion() {
      return unicode.activeVersion
    },
    set activeVersion(version) {
      unicode.activeVersion = `${version}-bounded`
    },
  }
}
