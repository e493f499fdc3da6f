import './fields.css'
import type { Stock } from '../../../core/pods/catalog'
import { stockText } from './fields-text'

const barCounts: Readonly<Record<Stock, number>> = { none: 0, low: 1, medium: 2, high: 3 }

/** Three bars and a word. */
export function StockBars({ stock }: { readonly stock: Stock | null }) {
  if (stock === null) return <span className="new-stock">{stockText.unknown}</span>
  return (
    <span className={`new-stock${stock === 'none' ? ' bad-text' : ''}`}>
      <span className="new-bars" aria-hidden="true">
        {[1, 2, 3].map((bar) => (
          <i key={bar} className={bar <= barCounts[stock] ? 'on' : undefined} />
        ))}
      </span>
      {stockText.words[stock]}
    </span>
  )
}
