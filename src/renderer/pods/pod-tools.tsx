import { memo } from 'react'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import { useShallow } from 'zustand/react/shallow'
import { isTogether } from '../state/account-parts'
import { shownGrouping } from '../state/arrange/arrange-view'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Choice } from '../ui/controls/choice'
import { FilterButtons } from '../ui/controls/filter-buttons'
import { PodSearch } from './pod-search'
import { Icon } from '../ui/icon'
import { KeyHint } from '../ui/labels/key-hint'
import {
  countByFilter,
  isTable,
  type PodFilter,
  podFilters,
  podGroupings,
  podOrders,
} from '../state/arrange/pod-filter'
import { filterLabels, groupingLabels, orderLabels, podsText } from './pods-text'

const orderOptions = podOrders.map((order) => ({ id: order, label: orderLabels[order] }))

/** Search, filter and sort controls of the pod list. They render when they change, and not with the page. */
export const PodTools = memo(function PodTools() {
  return (
    <div className="tools sticky-tools">
      <PodSearch />
      <PodFilters />
      <ShownCount />
      <div className="end">
        <GroupingSelect />
        <OrderSelect />
        <LayoutSwitch />
        <NewPodButton />
      </div>
    </div>
  )
})

function NewPodButton() {
  const { navigate } = useWindow()
  return (
    <Button icon="plus" label={podsText.newPod} onPress={() => navigate('new-pod')}>
      <span className="button-word">
        {podsText.newPod} <KeyHint name="N" />
      </span>
    </Button>
  )
}

/** Cards or a table; a table is the default for many pods. */
function LayoutSwitch() {
  const { snapshotStore } = useWindow()
  const isTabular = useSnapshotStore(({ view, snapshot }) => isTable(view.layout, snapshot?.pods.length ?? 0))
  return (
    <ToggleButtonGroup
      className="segmented icons"
      aria-label={podsText.layout}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[isTabular ? 'table' : 'cards']}
      onSelectionChange={(keys) => snapshotStore.setView({ layout: keys.has('table') ? 'table' : 'cards' })}
    >
      <ToggleButton id="cards" aria-label={podsText.cards}>
        <Icon name="pods" size={16} />
      </ToggleButton>
      <ToggleButton id="table" aria-label={podsText.table}>
        <Icon name="table" size={16} />
      </ToggleButton>
    </ToggleButtonGroup>
  )
}

function PodFilters() {
  const { snapshotStore } = useWindow()
  const filter = useSnapshotStore(({ view }) => view.filter)
  const counts = useSnapshotStore(useShallow(({ snapshot }) => countByFilter(snapshot?.pods ?? [])))
  return (
    <FilterButtons
      label={podsText.show}
      options={shownFilters(filter, counts).map((id) => ({ id, label: filterLabels[id], count: counts[id] }))}
      chosen={filter}
      onChoose={(chosen) => snapshotStore.setView({ filter: chosen })}
    />
  )
}

/** A filter that would show nothing is offered only while it is chosen. */
const shownFilters = (chosen: PodFilter, counts: Readonly<Record<PodFilter, number>>): readonly PodFilter[] =>
  podFilters.filter((option) => option === 'all' || option === chosen || counts[option] > 0)

/** How many of all pods are shown; empty when all are. */
function ShownCount() {
  const shown = useSnapshotStore(({ sections }) =>
    sections.reduce((sum, { podKeys }) => sum + podKeys.length, 0),
  )
  const count = useSnapshotStore(({ snapshot }) => snapshot?.pods.length ?? 0)
  return (
    <span className="cap shown-count" role="status">
      {shown < count && podsText.shownCount(shown, count)}
    </span>
  )
}

function GroupingSelect() {
  const { snapshotStore } = useWindow()
  const grouping = useSnapshotStore(({ view, snapshot }) => shownGrouping(snapshot, view))
  const isSeveral = useSnapshotStore(isTogether)
  return (
    <div className="grouping">
      <Choice
        label={podsText.groupBy}
        prefix={podsText.group}
        options={podGroupings
          .filter((id) => isSeveral || id !== 'account')
          .map((id) => ({ id, label: groupingLabels[id] }))}
        chosen={grouping}
        onChoose={(chosen) => snapshotStore.setView({ grouping: chosen })}
      />
    </div>
  )
}

function OrderSelect() {
  const { snapshotStore } = useWindow()
  const order = useSnapshotStore(({ view }) => view.order)
  const isSeveral = useSnapshotStore(isTogether)
  return (
    <Choice
      label={podsText.sortBy}
      prefix={podsText.sort}
      options={isSeveral ? orderOptions : orderOptions.filter(({ id }) => id !== 'account')}
      chosen={order}
      onChoose={(chosen) => snapshotStore.setView({ order: chosen, isReversed: false })}
    />
  )
}
