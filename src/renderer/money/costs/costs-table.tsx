import '../../ui/styles/data-table.css'
import './costs-table.css'
import { memo, startTransition, useMemo, useState } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import type { CostsRow } from '../../../core/money/costs/costs-rows'
import type { CostsView } from '../../../core/money/costs/costs-view'
import type { RowColors } from '../../pod-model/pod-color'
import { Button } from '../../ui/button'
import { READING } from '../spend-text'
import { type CostsColumn, costsColumns, type CostsOrder, orderRows } from './order-rows'
import { rowText, totalText } from './row-text'
import { rowName } from '../chart/spend-series'
import { costsTableText } from './costs-text'

const isTextColumn = (column: CostsColumn): boolean => column === 'name' || column === 'hardware'

/** More are drawn only when someone asks for them. */
const MAX_ROWS = 100

interface CostsTableProps {
  readonly costs: CostsView
  readonly colors: RowColors
}

/** What the month was spent on. Hours × price is compute, and the rows add up to the last line, to the cent. */
export function CostsTable({ costs, colors }: CostsTableProps) {
  const [order, setOrder] = useState<CostsOrder>({ column: 'total', isDescending: true })
  const [isWhole, setWhole] = useState(false)
  const rows = useMemo(() => orderRows(costs.rows, order), [costs, order])
  const reading = costs.bills === 'reading' ? READING : null
  const shown = isWhole ? rows : rows.slice(0, MAX_ROWS)
  const rest = rows.slice(shown.length)
  const highestCents = Math.max(1, ...costs.rows.map(({ totalCents }) => totalCents))
  return (
    <div className="table-room" role="region" aria-label={costsTableText.label} tabIndex={0}>
      <table className="data-table">
        <Headings order={order} onOrder={setOrder} />
        <tbody>
          {shown.map((row) => (
            <Row
              key={row.id}
              row={row}
              color={colors.get(row.id) ?? 'faded'}
              share={row.totalCents / highestCents}
            />
          ))}
        </tbody>
        <tfoot>
          {rest.length > 0 && (
            <TotalRow
              className="more"
              name={
                <Button kind="bare" onPress={() => startTransition(() => setWhole(true))}>
                  {costsTableText.showMore(rest.length)}
                </Button>
              }
              text={totalText(rest, null)}
            />
          )}
          <TotalRow className="sum" name={costsTableText.total} text={totalText(costs.rows, reading)} />
        </tfoot>
      </table>
    </div>
  )
}

interface HeadingsProps {
  readonly order: CostsOrder
  readonly onOrder: (order: CostsOrder) => void
}

function Headings({ order, onOrder }: HeadingsProps) {
  const sortBy = (column: CostsColumn): void =>
    onOrder({
      column,
      isDescending: column === order.column ? !order.isDescending : !isTextColumn(column),
    })
  return (
    <thead>
      <tr>
        {costsColumns.map((column) => (
          <th
            key={column}
            scope="col"
            className={isTextColumn(column) ? column : `number ${column}`}
            aria-sort={column !== order.column ? undefined : order.isDescending ? 'descending' : 'ascending'}
          >
            <AriaButton className="sorter" onPress={() => sortBy(column)}>
              {costsTableText.columns[column]}
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
  readonly row: CostsRow
  readonly color: string
  /** Of the most expensive row, 0–1. */
  readonly share: number
}

const Row = memo(function Row({ row, color, share }: CostsRowProps) {
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
      <td className="hardware">{text.hardware}</td>
      <td className="number dim">{text.hours}</td>
      <td className="number dim">{text.rate}</td>
      <td className="number">
        {text.compute}
        {text.billedCompute !== null && (
          <span className="cap" title={costsTableText.billOnlyWhy}>
            {text.billedCompute}
          </span>
        )}
      </td>
      <td className="number">{text.disk}</td>
      <td className="number total">{text.total}</td>
      <td className="number idle-text">{text.idle}</td>
      <td className="share" aria-hidden="true">
        <span className="share-bar">
          <span style={{ width: `${Math.max(1, share * 100)}%` }} />
        </span>
      </td>
    </tr>
  )
})

interface TotalRowProps {
  readonly className: string
  readonly name: React.ReactNode
  readonly text: ReturnType<typeof totalText>
}

function TotalRow({ className, name, text }: TotalRowProps) {
  return (
    <tr className={className}>
      <th scope="row">{name}</th>
      <td className="hardware" />
      <td className="number">{text.hours}</td>
      <td />
      <td className="number">{text.compute}</td>
      <td className="number">{text.disk}</td>
      <td className="number total">{text.total}</td>
      <td className="number idle-text">{text.idle}</td>
      <td className="share" />
    </tr>
  )
}
