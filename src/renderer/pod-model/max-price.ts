import { podsForJobsText } from './text/job-text'

/** A price that was typed, USD per hour; null: none. */
export const maxPriceIn = (draft: string): number | null => (draft.trim() === '' ? null : Number(draft))

/** Why a text is no price, as a sentence; null: it is one, or empty. */
export function maxPriceProblem(draft: string): string | null {
  const text = draft.trim()
  const usd = Number(text)
  const isPrice = /^\d{1,5}(\.\d{1,4})?$/.test(text) && usd >= 0.01 && usd <= 10_000
  return text === '' || isPrice ? null : podsForJobsText.priceProblem
}
