import '../../ui/styles/data-table.css'
import './costs-table.css'
import { memo, startTransition, useMemo, useState } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import type { CostsView } from '../../../core/money/costs/costs-view'
import type { RowColors } from '../../pod-model/pod-color'
import { Button } from '../../ui/button'
import { READING } from '../spend-text'
import { type CostsColumn, costsColumns, type CostsOrder, firstOrder, orderRows } from './order-rows'
import { type RowText, rowText, type TotalText, totalText } from './row-text'
import { rowName, type SpendGrouping } from '../chart/spend-series'
import { costsTableText } from './costs-text'
import { type BreakdownRow, breakdownRows } from './breakdown-rows'

const isTextColumn = (column: CostsColumn): boolean => column === 'name' || column === 'hardware'

/** More are drawn only when someone asks for them. */
const MAX_ROWS = 100

interface CostsTableProps {
  readonly costs: CostsView
  readonly colors: RowColors
  /** As the days are grouped. */
  readonly grouping: SpendGrouping
}

/** What the month was spent on. Hours × price is compute, and the rows add up to the last line, to the cent. */
export function CostsTable({ costs, colors, grouping }: CostsTableProps) {
  const [order, setOrder] = useState(firstOrder(grouping))
  const [isWhole, setWhole] = useState(false)
  const table = useMemo(() => breakdownRows(costs.rows, grouping, colors), [costs, grouping, colors])
  const rows = useMemo(() => orderRows(table.rows, order), [table, order])
  const reading = costs.bills === 'reading' ? READING : null
  const shown = isWhole ? rows : rows.slice(0, MAX_ROWS)
  const rest = rows.slice(shown.length)
  const highestCents = Math.max(1, ...rows.map(({ totalCents }) => totalCents))
  return (
    <div className="table-room" role="region" aria-label={costsTableText.label} tabIndex={0}>
      <table className="data-table">
        <Headings grouping={grouping} order={order} onOrder={setOrder} />
        <tbody>
          {shown.map((row) => (
            <Row
              key={row.id}
              row={row}
              grouping={grouping}
              color={table.colors.get(row.id) ?? 'faded'}
              share={row.totalCents / highestCents}
            />
          ))}
        </tbody>
        <tfoot>
          {rest.length > 0 && (
            <TotalRow
              className="more"
              grouping={grouping}
              name={
                <Button kind="bare" onPress={() => startTransition(() => setWhole(true))}>
                  {costsTableText.showMore(rest.length)}
                </Button>
              }
              text={totalText(rest, null)}
            />
          )}
          <TotalRow
            className="sum"
            grouping={grouping}
            name={costsTableText.total}
            text={totalText(costs.rows, reading)}
          />
        </tfoot>
      </table>
    </div>
  )
}

interface HeadingsProps {
  readonly grouping: SpendGrouping
  readonly order: CostsOrder
  readonly onOrder: (order: CostsOrder) => void
}

function Headings({ grouping, order, onOrder }: HeadingsProps) {
  const sortBy = (column: CostsColumn): void =>
    onOrder({
      column,
      isDescending: column === order.column ? !order.isDescending : !isTextColumn(column),
    })
  return (
    <thead>
      <tr>
        {costsColumns[grouping].map((column) => (
          <th
            key={column}
            scope="col"
            className={isTextColumn(column) ? column : `number ${column}`}
            aria-sort={column !== order.column ? undefined : order.isDescending ? 'descending' : 'ascending'}
          >
            <AriaButton className="sorter" onPress={() => sortBy(column)}>
              {column === 'name' && grouping === 'gpu' ? costsTableText.gpu : costsTableText.columns[column]}
              <span aria-hidden="true">
                {column !== order.column ? '' : order.isDescending ? ' ↓' : ' ↑'}
              </span>
            </AriaButton>
          </th>
        ))}
        <td className="share" />
      </tr>
    </thead>
  )
}

interface CostsRowProps {
  readonly row: BreakdownRow
  readonly grouping: SpendGrouping
  readonly color: string
  /** Of the most expensive row, 0–1. */
  readonly share: number
}

const Row = memo(function Row({ row, grouping, color, share }: CostsRowProps) {
  const name = rowName(row)
  const text = rowText(row)
  return (
    <tr className={color}>
      <th scope="row" className="name">
        <span className="swatch" aria-hidden="true" />
        <bdi className="cost-name" title={name}>
          {name}
        </bdi>
        {text.kind !== '' && <span className="cap"> {text.kind}</span>}
        {row.billing === 'otherwise' && (
          <span className="cap" title={costsTableText.billedBelowWhy}>
            {' '}
            {costsTableText.billedBelow}
          </span>
        )}
      </th>
      <Cells grouping={grouping} text={text} />
      <td className="share" aria-hidden="true">
        <span className="share-bar">
          <span style={{ width: `${Math.max(1, share * 100)}%` }} />
        </span>
      </td>
    </tr>
  )
})

const cellClasses: Readonly<Record<Exclude<CostsColumn, 'name'>, readonly string[]>> = {
  hardware: ['hardware'],
  hours: ['number', 'dim'],
  rate: ['number', 'dim'],
  compute: ['number'],
  disk: ['number'],
  busy: ['number'],
  total: ['number', 'total'],
  idle: ['number', 'idle-text'],
}

interface CellsProps {
  readonly grouping: SpendGrouping
  readonly text: RowText | TotalText
}

/** The cells after the name. */
function Cells({ grouping, text }: CellsProps) {
  const columns = costsColumns[grouping].filter((column) => column !== 'name')
  return columns.map((column) => (
    <td key={column} className={cellClasses[column].join(' ')}>
      {text[column]}
      {column === 'compute' && text.billedCompute !== null && (
        <span className="cap" title={costsTableText.billOnlyWhy}>
          {text.billedCompute}
        </span>
      )}
    </td>
  ))
}

interface TotalRowProps extends CellsProps {
  readonly className: string
  readonly name: React.ReactNode
}

function TotalRow({ className, grouping, name, text }: TotalRowProps) {
  return (
    <tr className={className}>
      <th scope="row">{name}</th>
      <Cells grouping={grouping} text={text} />
      <td className="share" />
    </tr>
  )
}
