import './fields.css'
import type { Stock } from '../../../core/pods/catalog'

const stockWords: Readonly<Record<Stock, string>> = {
  none: 'None',
  low: 'Low',
  medium: 'Medium',
  high: 'High',
}
const barCounts: Readonly<Record<Stock, number>> = { none: 0, low: 1, medium: 2, high: 3 }

/** Three bars and a word. */
export function StockBars({ stock }: { readonly stock: Stock | null }) {
  if (stock === null) return <span className="new-stock">Unknown</span>
  return (
    <span className={`new-stock${stock === 'none' ? ' bad-text' : ''}`}>
      <span className="new-bars" aria-hidden="true">
        {[1, 2, 3].map((bar) => (
          <i key={bar} className={bar <= barCounts[stock] ? 'on' : undefined} />
        ))}
      </span>
      {stockWords[stock]}
    </span>
  )
}
