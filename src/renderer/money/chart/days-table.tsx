import { formatUsd } from '../../../core/base/text/format'
import type { CostsView } from '../../../core/money/costs/costs-view'
import { shortDay } from './day-text'
import { READING } from '../spend-text'
import { dayCertaintyText, daysTableText } from './chart-text'

/** The days of a month as a table that adds up to it. */
export function DaysTable({ costs }: { readonly costs: CostsView }) {
  const { days, totalCents, idleCents, bills } = costs
  const sumOf = (cents: number): string => (bills === 'reading' ? READING : formatUsd(cents / 100))
  return (
    <details className="days-table">
      <summary>{daysTableText.summary}</summary>
      <div className="table-room" role="region" aria-label={daysTableText.label} tabIndex={0}>
        <table className="data-table">
          <thead>
            <tr>
              <th scope="col">{daysTableText.day}</th>
              <th scope="col" className="number">
                {daysTableText.spent}
              </th>
              <th scope="col" className="number">
                {daysTableText.whileIdle}
              </th>
              <th scope="col">{daysTableText.status}</th>
            </tr>
          </thead>
          <tbody>
            {days
              .filter((day) => day.totalCents > 0 || day.spent.isAtLeast)
              .map((day) => (
                <tr key={day.startMs}>
                  <th scope="row">{shortDay(day.startMs)}</th>
                  <td className="number">
                    {day.spent.isAtLeast && <span className="cap">{daysTableText.atLeast} </span>}
                    {formatUsd(day.totalCents / 100)}
                  </td>
                  <td className="number">{day.idleCents > 0 ? formatUsd(day.idleCents / 100) : '–'}</td>
                  <td>{dayCertaintyText(day.spent)}</td>
                </tr>
              ))}
          </tbody>
          <tfoot>
            <tr className="sum">
              <th scope="row">{daysTableText.total}</th>
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
