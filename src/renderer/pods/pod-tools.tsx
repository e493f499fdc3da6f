import { memo, useMemo } from 'react'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import { useMirror, useWindow } from '../state/window-context'
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

const orders = podOrders.map((order) => ({ id: order, label: orderLabels[order] }))

/** Which pods are shown, and in what order. */
export function PodTools() {
  return (
    <div className="tools">
      <Filters />
      <PodSearch />
      <Shown />
      <Order />
    </div>
  )
}

function Filters() {
  const { mirror } = useWindow()
  const filter = useMirror(({ view }) => view.filter)
  const pods = useMirror(({ snapshot }) => snapshot?.pods)
  const counts = useMemo(() => countByFilter(pods ?? []), [pods])
  return (
    <ToggleButtonGroup
      className="filters"
      aria-label="Show"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[filter]}
      onSelectionChange={(keys) => {
        const chosen = podFilters.find((one) => keys.has(one))
        if (chosen !== undefined) mirror.setView({ filter: chosen })
      }}
    >
      {podFilters.map((one) => (
        <FilterButton key={one} filter={one} count={counts[one]} />
      ))}
    </ToggleButtonGroup>
  )
}

/** How many of all the pods are shown, where that is not all of them. */
function Shown() {
  const shown = useMirror(({ sections }) => sections.reduce((sum, { podIds }) => sum + podIds.length, 0))
  const count = useMirror(({ podsById }) => podsById.size)
  return (
    <span className="cap shown-count" role="status">
      {shown < count && `${shown} of ${count} shown`}
    </span>
  )
}

function Order() {
  const { mirror } = useWindow()
  const order = useMirror(({ view }) => view.order)
  return (
    <Choice
      label="Sort by"
      options={orders}
      chosen={order}
      onChoose={(chosen) => mirror.setView({ order: chosen })}
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
