import { beginsWord, wordsOf } from '../../core/settings/search-settings'

/** Scores of a match by its position. Letters may be skipped but not swapped. */
const WHOLE_TEXT_SCORE = 200
const WHOLE_WORD_BONUS = 15
const TEXT_START_SCORE = 120
const WORD_START_SCORE = 100
const SUBSTRING_SCORE = 60
const SUBSEQUENCE_SCORE = 30
/** Above that of skipped letters, below that of any part of a name. */
const KEYWORD_SCORE = 40

/**
 * How well `text` matches `query`, higher is better; null when a word of the query doesn't match, even with
 * skipped letters. Both in lower case.
 */
export function fuzzyScore(query: string, text: string): number | null {
  let score = query === text ? WHOLE_TEXT_SCORE : 0
  for (const word of query.split(/\s+/).filter(Boolean)) {
    const termScore = wordScore(word, text)
    if (termScore === null) return null
    score += termScore
  }
  // Among equal scores the shorter text wins, because the query covers more of it.
  return score - text.length / 1_000
}

function wordScore(word: string, text: string): number | null {
  const at = text.indexOf(word)
  if (at < 0) return subsequenceScore(word, text)
  const words = ` ${text.replaceAll('…', ' ')} `
  const bonus = words.includes(` ${word} `) ? WHOLE_WORD_BONUS : 0
  return bonus + positionScore(word, text, at)
}

function positionScore(word: string, text: string, at: number): number {
  if (at === 0) return TEXT_START_SCORE
  return isWordStart(text, at) || text.includes(` ${word}`) ? WORD_START_SCORE : SUBSTRING_SCORE
}

/** The score of a text whose words begin with all words of `query`, in any order; null when one does not. */
export function keywordScore(query: string, text: string): number | null {
  const words = wordsOf(query)
  const isFound = words.length > 0 && words.every((word) => beginsWord(text, word))
  return isFound ? KEYWORD_SCORE * words.length - text.length / 1_000 : null
}

function isWordStart(text: string, at: number): boolean {
  return !/[\p{L}\p{N}]/u.test(text.charAt(at - 1))
}

function subsequenceScore(word: string, text: string): number | null {
  let first = -1
  let last = -1
  for (const letter of word) {
    const at = text.indexOf(letter, last + 1)
    if (at < 0) return null
    if (first < 0) first = at
    last = at
  }
  return (SUBSEQUENCE_SCORE * word.length) / (last - first + 1)
}
