import { formatUsd } from '../../../core/base/format'
import type { CostsDay } from '../../../core/money/costs/costs-days'
import type { CostsView } from '../../../core/money/costs/costs-view'
import { shortDay } from './day-text'
import { READING } from '../spend-text'

/** The days of a month as a table that adds up to it. */
export function DaysTable({ costs }: { readonly costs: CostsView }) {
  const { days, totalCents, idleCents, bills } = costs
  const sumOf = (cents: number): string => (bills === 'reading' ? READING : formatUsd(cents / 100))
  return (
    <details className="days-table">
      <summary>Show days as a table</summary>
      <div className="table-room" role="region" aria-label="Daily spend as a table" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Day (UTC)</th>
              <th scope="col" className="number">
                Spent
              </th>
              <th scope="col" className="number">
                While idle
              </th>
              <th scope="col">Status</th>
            </tr>
          </thead>
          <tbody>
            {days
              .filter((day) => day.totalCents > 0 || day.spent.isAtLeast)
              .map((day) => (
                <tr key={day.startMs}>
                  <th scope="row">{shortDay(day.startMs)}</th>
                  <td className="number">
                    {day.spent.isAtLeast && <span className="cap">at least </span>}
                    {formatUsd(day.totalCents / 100)}
                  </td>
                  <td className="number">{day.idleCents > 0 ? formatUsd(day.idleCents / 100) : '–'}</td>
                  <td>{dayCertaintyText(day.spent)}</td>
                </tr>
              ))}
          </tbody>
          <tfoot>
            <tr className="sum">
              <th scope="row">Total</th>
              <td className="number">{sumOf(totalCents)}</td>
              <td className="number">{sumOf(idleCents)}</td>
              <td />
            </tr>
          </tfoot>
        </table>
      </div>
    </details>
  )
}

/** "all billed", "$2.10 billed, $1.05 estimated"; empty when the day cost nothing. */
export function dayCertaintyText({ usd, billedUsd }: CostsDay['spent']): string {
  const estimatedUsd = usd - billedUsd
  if (usd < 0.005) return ''
  if (estimatedUsd < 0.005) return 'all billed'
  if (billedUsd < 0.005) return 'all estimated'
  return `${formatUsd(billedUsd)} billed, ${formatUsd(estimatedUsd)} estimated`
}
