import { paletteWords } from './palette-words-text'

/** Matches of a word of the query, the best last: none, an other word's beginning, a whole other word, and of a label. */
const OTHER_BEGINNING = 1
const OTHER_WORD = 2
const LABEL_BEGINNING = 3
const LABEL_WORD = 4

const fillers: ReadonlySet<string> = new Set(paletteWords.fillers.split(' '))

/** The words of a text in lower case: letters and digits, separated by anything else. */
export const textWords = (text: string): readonly string[] =>
  text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** Words of a query; `optional` are those that say nothing, such as "please". */
export interface PaletteQuery {
  readonly required: readonly string[]
  readonly optional: readonly string[]
}

/** Where a query has only words that say nothing, they are all there is to match. */
export function parseQuery(text: string): PaletteQuery {
  const words = textWords(text)
  const required = words.filter((word) => !fillers.has(word))
  return required.length === 0
    ? { required: words, optional: [] }
    : { required, optional: words.filter((word) => fillers.has(word)) }
}

/** How well `word` is found in the words of a label, or in `others`: 0 where it begins none of them. */
export function wordScore(word: string, label: readonly string[], others: readonly string[] = []): number {
  if (label.includes(word)) return LABEL_WORD
  if (label.some((one) => one.startsWith(word))) return LABEL_BEGINNING
  if (others.includes(word)) return OTHER_WORD
  return others.some((one) => one.startsWith(word)) ? OTHER_BEGINNING : 0
}

/** The mean of its words' scores, and a little for optional words; 0 where a required word is not found. */
export function queryScore(
  { required, optional }: PaletteQuery,
  label: readonly string[],
  others: readonly string[] = [],
): number {
  if (required.length === 0) return 0
  const scores = required.map((word) => wordScore(word, label, others))
  if (scores.includes(0)) return 0
  const extra = optional.filter((word) => label.includes(word)).length
  return scores.reduce((sum, score) => sum + score, 0) / scores.length + extra / 100
}
