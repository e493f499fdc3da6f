import type { ISearchDecorationOptions, ISearchOptions, SearchAddon } from '@xterm/addon-search'
import type { ThemeName } from './screen-themes'
import { searchColors } from './search-colors'
import { matchText } from './screen-text'

export interface SearchQuery {
  readonly text: string
  readonly isCaseSensitive: boolean
  readonly isRegex: boolean
}

export interface MatchCount {
  readonly count: number
  /** Index of the current match, from 0; -1 when there is none or it is beyond the counted ones. */
  readonly index: number
}

/** `problem`: the text is not a valid pattern. */
export type SearchOutcome = 'found' | 'none' | 'problem'

export interface ScreenSearch {
  /** A `direction` of 0 searches while typing: the current match stays as long as it matches. */
  find(query: SearchQuery, direction: -1 | 0 | 1): SearchOutcome
  clear(): void
  /** Returns the function that unsubscribes. */
  onCount(listener: (count: MatchCount) => void): () => void
}

function decorationsOf(theme: ThemeName): ISearchDecorationOptions {
  const { match, currentMatch, currentBorder } = searchColors[theme]
  return {
    matchBackground: match,
    activeMatchBackground: currentMatch,
    activeMatchBorder: currentBorder,
    // The ruler has the terminal's background, on which a match itself could hardly be seen.
    matchOverviewRuler: currentMatch,
    activeMatchColorOverviewRuler: currentBorder,
  }
}

/** `onHighlight` is called before matches are highlighted, and with false once none are. */
export function createScreenSearch(
  searchAddon: Pick<SearchAddon, 'findNext' | 'findPrevious' | 'clearDecorations' | 'onDidChangeResults'>,
  theme: () => ThemeName,
  onHighlight: (isHighlighted: boolean) => void,
): ScreenSearch {
  function clear(): void {
    searchAddon.clearDecorations()
    onHighlight(false)
  }

  return {
    find({ text, isCaseSensitive, isRegex }, direction) {
      if (text === '') {
        clear()
        return 'none'
      }
      if (isRegex && !isValidPattern(text)) {
        clear()
        return 'problem'
      }
      onHighlight(true)
      const options: ISearchOptions = {
        caseSensitive: isCaseSensitive,
        regex: isRegex,
        incremental: direction === 0,
        decorations: decorationsOf(theme()),
      }
      const isFound =
        direction === 1 ? searchAddon.findNext(text, options) : searchAddon.findPrevious(text, options)
      // The highlights of the previous query would stay otherwise.
      if (!isFound) clear()
      return isFound ? 'found' : 'none'
    },
    clear,
    onCount(listener) {
      const subscription = searchAddon.onDidChangeResults(({ resultCount, resultIndex }) =>
        listener({ count: resultCount, index: resultIndex }),
      )
      return () => subscription.dispose()
    },
  }
}

function isValidPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}

/** "2 of 14", "14", "none", "no pattern". */
export function matchCountText(text: string, outcome: SearchOutcome, { count, index }: MatchCount): string {
  if (text === '') return ''
  if (outcome === 'problem') return matchText.invalid
  if (outcome === 'none' || count === 0) return matchText.none
  if (index >= 0) return matchText.position(index + 1, count)
  return count >= 1_000 ? matchText.many : String(count)
}
