import type { AccountId } from '../../../core/pods/pod'
import { isEmptyQuery, matchesPodQuery, parsePodQuery, type QueryFacts } from '../../../core/view/pod-query'
import { isIdle } from '../../../core/view/pod-state'
import type { PodView } from '../../../core/view/snapshot'

/** Sort orders of the list, the default first. */
export const podOrders = ['price', 'idle', 'idle-cost', 'name', 'age', 'hardware', 'account'] as const
export type PodOrder = (typeof podOrders)[number]

/** Filters of the list, the default first. Every pod is in exactly one of the others. */
export const podFilters = ['all', 'idle', 'running', 'creating', 'error', 'unknown', 'stopped'] as const
export type PodFilter = (typeof podFilters)[number]

/** `auto`: a table from `TABLE_FROM` pods on. */
export const podLayouts = ['auto', 'cards', 'table'] as const
export type PodLayout = (typeof podLayouts)[number]

/** What cards and rows are grouped by, the default first. */
export const podGroupings = ['state', 'account', 'gpu', 'data-center', 'none'] as const
export type PodGrouping = (typeof podGroupings)[number]

/** With more pods than this, the table is the default. */
const MAX_CARDS = 12

/** Filter and sort order of a window's pod list. */
export interface PodsView {
  readonly order: PodOrder
  /** Sorted the other way around than usual. */
  readonly isReversed: boolean
  readonly filter: PodFilter
  /** As typed; see `parsePodQuery`. */
  readonly search: string
  readonly layout: PodLayout
  readonly grouping: PodGrouping
}

export const defaultView: PodsView = {
  order: 'price',
  isReversed: false,
  filter: 'all',
  search: '',
  layout: 'auto',
  grouping: 'state',
}

/** Whether so many pods are shown as a table; `podCount` ignores filter and search. */
export const isTable = (layout: PodLayout, podCount: number): boolean =>
  layout === 'auto' ? podCount > MAX_CARDS : layout === 'table'

/** The pods that match `view`, in their original order. `nameOf`: what a person calls their account. */
export function filterPods(
  pods: readonly PodView[],
  { filter, search }: Pick<PodsView, 'filter' | 'search'>,
  nameOf: (accountId: AccountId) => string = () => '',
): readonly PodView[] {
  const query = parsePodQuery(search)
  const isWhole = isEmptyQuery(query)
  if (filter === 'all' && isWhole) return pods
  return pods.filter(
    (pod) =>
      (filter === 'all' || filterOf(pod) === filter) &&
      (isWhole || matchesPodQuery(query, factsOf(pod, nameOf))),
  )
}

/** Number of pods per filter, ignoring the search. The others add up to `all`. */
export function countByFilter(pods: readonly PodView[]): Readonly<Record<PodFilter, number>> {
  const counts = { all: pods.length, running: 0, idle: 0, creating: 0, stopped: 0, error: 0, unknown: 0 }
  for (const pod of pods) counts[filterOf(pod)] += 1
  return counts
}

function filterOf(pod: PodView): Exclude<PodFilter, 'all'> {
  if (pod.phase === 'running') return isIdle(pod) ? 'idle' : 'running'
  return pod.phase === 'terminated' ? 'stopped' : pod.phase
}

function factsOf(pod: PodView, nameOf: (accountId: AccountId) => string): QueryFacts {
  const { name, id, hardware, dataCenterId, clusterId, accountId } = pod
  const filter = filterOf(pod)
  return {
    texts: [name, id, hardware, dataCenterId, clusterId, nameOf(accountId)],
    states: [filter, ...(filter === 'running' && pod.activity.kind === 'busy' ? ['busy'] : [])],
    // Of a stopped pod, what its disk costs.
    usdPerHour: pod.phase === 'stopped' ? pod.stoppedDiskPerHourUsd : pod.costPerHourUsd,
  }
}
