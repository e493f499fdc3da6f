import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import { useMirror, useWindow } from '../state/window-context'
import { Choice } from '../ui/choice'
import { countByFilter, podFilters, podOrders, type PodFilter, type PodOrder } from './pods-view'

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
  const { mirror } = useWindow()
  const { filter, order } = useMirror((state) => state.view)
  return (
    <div className="tools">
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
          <FilterButton key={one} filter={one} />
        ))}
      </ToggleButtonGroup>
      <Choice
        label="Sort by"
        options={orders}
        chosen={order}
        onChoose={(chosen) => mirror.setView({ order: chosen })}
      />
    </div>
  )
}

function FilterButton({ filter }: { readonly filter: PodFilter }) {
  const count = useMirror(({ snapshot }) => countByFilter(snapshot?.pods ?? [])[filter])
  return (
    <ToggleButton className="filter" id={filter}>
      {filterLabels[filter]} <span className="count">{count}</span>
    </ToggleButton>
  )
}
