import { useMemo, useState } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import { formatUsd } from '../../core/base/format'
import type { CostsRow, CostsView } from '../../core/money/costs/costs-view'
import { HOUR_MS } from '../../core/base/time'
import { useSnapshotStore } from '../state/window-context'
import { rowName } from './chart-month'
import { type CostsColumn, costsColumns, type CostsOrder, idleShare, orderRows } from './order-rows'
import { percent } from './spend-text'

const columnLabels: Readonly<Record<CostsColumn, string>> = {
  name: 'Name',
  hardware: 'Hardware',
  hours: 'Hours on',
  idle: 'Idle',
  compute: 'Compute',
  disk: 'Disk',
  total: 'Total',
}

const isTextColumn = (column: CostsColumn): boolean => column === 'name' || column === 'hardware'

/** What the month was spent on. The rows add up to the last line to the cent. */
export function CostsTable({ costs }: { readonly costs: CostsView }) {
  const [order, setOrder] = useState<CostsOrder>({ column: 'total', isDescending: true })
  const rows = useMemo(() => orderRows(costs.rows, order), [costs, order])
  const sum = (amountOf: (row: CostsRow) => number): number =>
    costs.rows.reduce((total, row) => total + amountOf(row), 0)
  const sortBy = (column: CostsColumn): void =>
    setOrder({
      column,
      isDescending: column === order.column ? !order.isDescending : !isTextColumn(column),
    })
  return (
    <div className="tile table-room" role="region" aria-label="What it was spent on" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {costsColumns.map((column) => (
              <th
                key={column}
                scope="col"
                className={isTextColumn(column) ? undefined : 'number'}
                aria-sort={
                  column !== order.column ? undefined : order.isDescending ? 'descending' : 'ascending'
                }
              >
                <AriaButton className="sorter" onPress={() => sortBy(column)}>
                  {columnLabels[column]}
                  <span aria-hidden="true">
                    {column !== order.column ? '' : order.isDescending ? ' ↓' : ' ↑'}
                  </span>
                </AriaButton>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <CostsTableRow key={row.id} row={row} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={4}>
              Sum
            </th>
            <td className="number">{formatCents(sum(({ computeCents }) => computeCents))}</td>
            <td className="number">{formatCents(sum(({ diskCents }) => diskCents))}</td>
            <td className="number total">{formatCents(costs.totalCents)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  )
}

function CostsTableRow({ row }: { readonly row: CostsRow }) {
  const name = rowName(row)
  const isStopped = useSnapshotStore(
    ({ podsByKey }) => row.kind === 'pod' && podsByKey.get(row.id.slice('pod/'.length))?.phase === 'stopped',
  )
  return (
    <tr>
      <th scope="row">
        <bdi className="row-name" title={name}>
          {name}
        </bdi>
        {isStopped && <span className="cap"> stopped</span>}
        {row.kind === 'volume' && <span className="cap"> network volume</span>}
        {row.billing === 'otherwise' && (
          <span className="cap" title="Its bills say less than its price: a savings plan, perhaps">
            {' '}
            billed otherwise
          </span>
        )}
      </th>
      <td>{row.hardware ?? '–'}</td>
      <td className="number">
        {row.onMs > 0 ? (row.onMs / HOUR_MS).toFixed(1) : '–'}
        {row.unobservedCents > 0 && (
          <span className="cap" title={`${formatCents(row.unobservedCents)} billed, hours not observed`}>
            {' '}
            + billed
          </span>
        )}
      </td>
      <td className="number">{row.kind === 'pod' ? percent(idleShare(row)) : '–'}</td>
      <td className="number">{formatCents(row.computeCents)}</td>
      <td className="number">{formatCents(row.diskCents)}</td>
      <td className="number total">
        {row.spent.isAtLeast && <span className="cap">at least </span>}
        {formatCents(row.totalCents)}
      </td>
    </tr>
  )
}

const formatCents = (amount: number): string => formatUsd(amount / 100)
