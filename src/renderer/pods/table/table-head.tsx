import type { ReactNode } from 'react'
import { NextStopLine } from '../../next-stops/next-stop-line'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Icon } from '../../ui/icon'
import { type PodColumn, podTableText } from './table-text'
import type { PodSelection } from './use-selection'

interface TableHeadProps {
  readonly columns: readonly PodColumn[]
  /** Of the group at the top, in the place of the name column's. */
  readonly title: ReactNode
  /** What can be done with all pods of that group. */
  readonly action: ReactNode
  readonly selection: PodSelection
  readonly podCount: number
}

/** The heading of the columns is that of the first group, too, so that no line is lost. */
export function TableHead({ columns, title, action, selection, podCount }: TableHeadProps) {
  const isAll = podCount > 0 && selection.selected.size === podCount
  const isSome = selection.selected.size > 0 && !isAll
  return (
    <thead>
      <tr aria-rowindex={1}>
        <td className="cell-check">
          <input
            type="checkbox"
            aria-label={isAll ? podTableText.clearSelection : podTableText.selectAll}
            checked={isAll}
            ref={(element) => {
              if (element !== null) element.indeterminate = isSome
            }}
            onChange={isAll ? selection.clear : selection.selectAll}
          />
        </td>
        {columns.map((column) => (
          <ColumnHead
            key={column.id}
            column={column}
            title={column.id === 'name' ? title : null}
            end={column.id === 'next' ? <NextStopLine /> : null}
          />
        ))}
        <td className="cell-actions">
          <span className="head-action">{action}</span>
        </td>
      </tr>
    </thead>
  )
}

interface ColumnHeadProps {
  readonly column: PodColumn
  /** Before and after its label. */
  readonly title: ReactNode
  readonly end: ReactNode
}

function ColumnHead({ column, title, end }: ColumnHeadProps) {
  const { snapshotStore } = useWindow()
  const isSorted = useSnapshotStore(({ view }) => view.order === column.order)
  const isReversed = useSnapshotStore(({ view }) => view.isReversed)
  const { id, label, order, isNumber } = column
  // Names rise from A; numbers fall from the largest.
  const isUp = isReversed === (isNumber === true)
  const sort = () =>
    order !== null &&
    snapshotStore.setView(isSorted ? { isReversed: !isReversed } : { order, isReversed: false })
  return (
    <th
      scope="col"
      className={`cell-${id}${isNumber === true ? ' number' : ''}`}
      {...(isSorted ? { 'aria-sort': isUp ? ('ascending' as const) : ('descending' as const) } : {})}
    >
      <span className="column-head">
        {title}
        {order === null ? (
          <span>{label}</span>
        ) : (
          <button type="button" className="sort" onClick={sort}>
            {label}
            {isSorted && <Icon name={isUp ? 'up' : 'chevron'} size={12} />}
          </button>
        )}
        {end}
      </span>
    </th>
  )
}
