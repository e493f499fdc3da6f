/** Letters may be left out, but not swapped: how much each way of being found is worth. */
const AT_BEGIN = 120
const AT_WORD = 100
const INSIDE = 60
const SCATTERED = 30

/**
 * How well `text` answers `query`, higher is better; null: a word of the query is not in it, not even with letters
 * between. Both in lower case.
 */
export function fuzzyScore(query: string, text: string): number | null {
  let score = 0
  for (const word of query.split(/\s+/).filter(Boolean)) {
    const one = wordScore(word, text)
    if (one === null) return null
    score += one
  }
  // Among equals the shorter text is meant: less of it was left unsaid.
  return score - text.length / 1_000
}

function wordScore(word: string, text: string): number | null {
  const at = text.indexOf(word)
  if (at < 0) return scatteredScore(word, text)
  if (at === 0) return AT_BEGIN
  return isWordStart(text, at) || text.includes(` ${word}`) ? AT_WORD : INSIDE
}

function isWordStart(text: string, at: number): boolean {
  return !/[\p{L}\p{N}]/u.test(text.charAt(at - 1))
}

function scatteredScore(word: string, text: string): number | null {
  let first = -1
  let last = -1
  for (const letter of word) {
    const at = text.indexOf(letter, last + 1)
    if (at < 0) return null
    if (first < 0) first = at
    last = at
  }
  return (SCATTERED * word.length) / (last - first + 1)
}
