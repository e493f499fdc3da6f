import { formatUsd, formatUsdPerHour } from '../../../core/base/text/format'
import { uiText } from '../ui-text'

interface MoneyProps {
  readonly usd: number
  readonly per?: 'hour'
}

/** Dollars with smaller cents. Screen readers get one number with its unit. */
export function Money({ usd, per }: MoneyProps) {
  const text = formatUsd(usd)
  // Of "$1,234.50" or, by region, "$1.234,50".
  const [, dollars = text, cents] = /^(.*)([.,]\d\d)$/.exec(text) ?? []
  return (
    <>
      <span className="unseen">{per === 'hour' ? uiText.perHour(text) : text}</span>
      <span aria-hidden="true">
        {dollars}
        {cents !== undefined && <span className="cents">{cents}</span>}
        {per === 'hour' && <small>/{formatUsdPerHour(usd).split('/')[1]}</small>}
      </span>
    </>
  )
}
