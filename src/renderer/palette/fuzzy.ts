/** Scores of a match by its position. Letters may be skipped but not swapped. */
const TEXT_START_SCORE = 120
const WORD_START_SCORE = 100
const SUBSTRING_SCORE = 60
const SUBSEQUENCE_SCORE = 30

/**
 * How well `text` matches `query`, higher is better; null when a word of the query doesn't match, even with
 * skipped letters. Both in lower case.
 */
export function fuzzyScore(query: string, text: string): number | null {
  let score = 0
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
  if (at === 0) return TEXT_START_SCORE
  return isWordStart(text, at) || text.includes(` ${word}`) ? WORD_START_SCORE : SUBSTRING_SCORE
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
