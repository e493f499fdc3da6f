import { wordsOf } from '../../core/settings/search-settings'

/** A text in which the beginnings of words that `query` has are marked. */
export function MarkedText({ text, query }: { readonly text: string; readonly query: string }) {
  const words = wordsOf(query)
  if (words.length === 0) return text
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(${words.map(escaped).join('|')})`, 'giu')
  return text.split(pattern).map((part, index) => (index % 2 === 1 ? <mark key={index}>{part}</mark> : part))
}

const escaped = (word: string): string => word.replaceAll(/[.*+?^${}()|[\]\\-]/g, '\\$&')
