import { memo, useMemo } from 'react'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Choice } from '../ui/choice'
import { PodSearch } from './pod-search'
import { countByFilter, type PodFilter, podFilters, type PodOrder, podOrders } from '../state/pod-filter'

export const filterLabels: Readonly<Record<PodFilter, string>> = {
  all: 'All',
  running: 'Running',
  idle: 'Idle',
  stopped: 'Stopped',
  error: 'Error',
}

const orderLabels: Readonly<Record<PodOrder, string>> = {
  price: 'Price',
  idle: 'Idle longest',
  name: 'Name',
  age: 'Oldest first',
}

const orderOptions = podOrders.map((order) => ({ id: order, label: orderLabels[order] }))

/** Search, filter and sort controls of the pod list. */
export function PodTools() {
  return (
    <div className="tools">
      <FilterButtons />
      <PodSearch />
      <ShownCount />
      <OrderSelect />
    </div>
  )
}

function FilterButtons() {
  const { snapshotStore } = useWindow()
  const filter = useSnapshotStore(({ view }) => view.filter)
  const pods = useSnapshotStore(({ snapshot }) => snapshot?.pods)
  const counts = useMemo(() => countByFilter(pods ?? []), [pods])
  return (
    <ToggleButtonGroup
      className="filters"
      aria-label="Show"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[filter]}
      onSelectionChange={(keys) => {
        const chosen = podFilters.find((option) => keys.has(option))
        if (chosen !== undefined) snapshotStore.setView({ filter: chosen })
      }}
    >
      {podFilters.map((option) => (
        <FilterButton key={option} filter={option} count={counts[option]} />
      ))}
    </ToggleButtonGroup>
  )
}

/** How many of all pods are shown; empty when all are. */
function ShownCount() {
  const shown = useSnapshotStore(({ sections }) =>
    sections.reduce((sum, { podKeys }) => sum + podKeys.length, 0),
  )
  const count = useSnapshotStore(({ snapshot }) => snapshot?.pods.length ?? 0)
  return (
    <span className="cap shown-count" role="status">
      {shown < count && `${shown} of ${count} shown`}
    </span>
  )
}

function OrderSelect() {
  const { snapshotStore } = useWindow()
  const order = useSnapshotStore(({ view }) => view.order)
  return (
    <Choice
      label="Sort by"
      options={orderOptions}
      chosen={order}
      onChoose={(chosen) => snapshotStore.setView({ order: chosen })}
    />
  )
}

const FilterButton = memo(function FilterButton(props: {
  readonly filter: PodFilter
  readonly count: number
}) {
  return (
    <ToggleButton className="filter" id={props.filter}>
      {filterLabels[props.filter]} <span className="count">{props.count}</span>
    </ToggleButton>
  )
})
