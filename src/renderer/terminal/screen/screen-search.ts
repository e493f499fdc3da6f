import type { ISearchOptions, SearchAddon } from '@xterm/addon-search'

export interface SearchQuery {
  readonly text: string
  readonly isCaseSensitive: boolean
  readonly isRegex: boolean
}

export interface MatchCount {
  readonly count: number
  /** Of the one that is shown, from 0; -1: none, or beyond what is counted. */
  readonly index: number
}

/** `problem`: what is typed is no pattern. */
export type SearchOutcome = 'found' | 'none' | 'problem'

export interface ScreenSearch {
  /** `step` 0: what is being typed; the match that is shown stays as long as it matches. */
  find(query: SearchQuery, direction: -1 | 0 | 1): SearchOutcome
  clear(): void
  /** Returns what unsubscribes. */
  onCount(listener: (count: MatchCount) => void): () => void
}

/** Both themes take them: the text on them keeps its contrast. */
const decorations = {
  matchBackground: '#8a6d1f',
  activeMatchBackground: '#c7791a',
  matchOverviewRuler: '#8a6d1f',
  activeMatchColorOverviewRuler: '#c7791a',
}

/** `beforeMarks` is called before what is found is marked. */
export function createScreenSearch(searchAddon: SearchAddon, onBeforeHighlight: () => void): ScreenSearch {
  return {
    find({ text, isCaseSensitive, isRegex }, direction) {
      if (text === '') {
        searchAddon.clearDecorations()
        return 'none'
      }
      if (isRegex && !isValidPattern(text)) {
        searchAddon.clearDecorations()
        return 'problem'
      }
      onBeforeHighlight()
      const options: ISearchOptions = {
        caseSensitive: isCaseSensitive,
        regex: isRegex,
        incremental: direction === 0,
        decorations,
      }
      const isFound =
        direction === 1 ? searchAddon.findNext(text, options) : searchAddon.findPrevious(text, options)
      // What an earlier query found would stay marked.
      if (!isFound) searchAddon.clearDecorations()
      return isFound ? 'found' : 'none'
    },
    clear: () => searchAddon.clearDecorations(),
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
  if (outcome === 'problem') return 'not a pattern'
  if (outcome === 'none' || count === 0) return 'none'
  return index < 0 ? `${count >= 1_000 ? '1,000 or more' : count}` : `${index + 1} of ${count}`
}
