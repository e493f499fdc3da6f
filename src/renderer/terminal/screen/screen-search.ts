import type { ISearchOptions, SearchAddon } from '@xterm/addon-search'

export interface SearchQuery {
  readonly text: string
  readonly isCaseSensitive: boolean
  readonly isRegex: boolean
}

export interface SearchCount {
  readonly count: number
  /** Of the one that is shown, from 0; -1: none, or beyond what is counted. */
  readonly index: number
}

/** `problem`: what is typed is no pattern. */
export type SearchOutcome = 'found' | 'none' | 'problem'

export interface ScreenSearch {
  /** `step` 0: what is being typed; the match that is shown stays as long as it matches. */
  find(query: SearchQuery, step: -1 | 0 | 1): SearchOutcome
  end(): void
  /** Returns what unsubscribes. */
  onCount(listener: (count: SearchCount) => void): () => void
}

/** Both themes take them: the text on them keeps its contrast. */
const decorations = {
  matchBackground: '#8a6d1f',
  activeMatchBackground: '#c7791a',
  matchOverviewRuler: '#8a6d1f',
  activeMatchColorOverviewRuler: '#c7791a',
}

/** `beforeMarks` is called before what is found is marked. */
export function createScreenSearch(finder: SearchAddon, beforeMarks: () => void): ScreenSearch {
  return {
    find({ text, isCaseSensitive, isRegex }, step) {
      if (text === '') {
        finder.clearDecorations()
        return 'none'
      }
      if (isRegex && !isPattern(text)) {
        finder.clearDecorations()
        return 'problem'
      }
      beforeMarks()
      const options: ISearchOptions = {
        caseSensitive: isCaseSensitive,
        regex: isRegex,
        incremental: step === 0,
        decorations,
      }
      const isFound = step === 1 ? finder.findNext(text, options) : finder.findPrevious(text, options)
      // What an earlier query found would stay marked.
      if (!isFound) finder.clearDecorations()
      return isFound ? 'found' : 'none'
    },
    end: () => finder.clearDecorations(),
    onCount(listener) {
      const subscription = finder.onDidChangeResults(({ resultCount, resultIndex }) =>
        listener({ count: resultCount, index: resultIndex }),
      )
      return () => subscription.dispose()
    },
  }
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}

/** "2 of 14", "14", "none", "no pattern". */
export function searchWords(text: string, outcome: SearchOutcome, { count, index }: SearchCount): string {
  if (text === '') return ''
  if (outcome === 'problem') return 'not a pattern'
  if (outcome === 'none' || count === 0) return 'none'
  return index < 0 ? `${count >= 1_000 ? '1,000 or more' : count}` : `${index + 1} of ${count}`
}
