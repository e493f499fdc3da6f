import type { AccountId } from '../../core/pods/pod'
import type { PodView } from '../../core/view/snapshot'

/** Sort orders of the list, the default first. */
export const podOrders = ['price', 'idle', 'name', 'age'] as const
export type PodOrder = (typeof podOrders)[number]

/** Filters of the list, the default first. */
export const podFilters = ['all', 'running', 'idle', 'stopped', 'error'] as const
export type PodFilter = (typeof podFilters)[number]

/** Filter and sort order of a window's pod list. */
export interface PodsView {
  readonly order: PodOrder
  readonly filter: PodFilter
  /** As typed; every word must match. */
  readonly search: string
}

export const defaultView: PodsView = { order: 'price', filter: 'all', search: '' }

/** The pods that match `view`, in their original order. `nameOf`: what a person calls their account. */
export function filterPods(
  pods: readonly PodView[],
  { filter, search }: PodsView,
  nameOf: (accountId: AccountId) => string = () => '',
): readonly PodView[] {
  const terms = searchTerms(search)
  if (filter === 'all' && terms.length === 0) return pods
  return pods.filter((pod) => matchesFilter(pod, filter) && matchesSearch(pod, terms, nameOf))
}

/** Number of pods per filter, ignoring the search. */
export function countByFilter(pods: readonly PodView[]): Readonly<Record<PodFilter, number>> {
  const counts = { all: 0, running: 0, idle: 0, stopped: 0, error: 0 }
  for (const pod of pods) for (const filter of podFilters) if (matchesFilter(pod, filter)) counts[filter] += 1
  return counts
}

function matchesFilter(pod: PodView, filter: PodFilter): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'running':
      return pod.phase === 'running'
    case 'idle':
      return isIdle(pod)
    case 'stopped':
      return pod.phase === 'stopped' || pod.phase === 'terminated'
    case 'error':
      return pod.phase === 'error'
  }
}

/** Whether the pod is idle, for any length of time, and not kept on. */
export function isIdle(pod: PodView): boolean {
  return pod.phase === 'running' && pod.activity.kind === 'idle' && pod.guard.keepOn === null
}

function searchTerms(search: string): readonly string[] {
  return search.toLowerCase().split(/\s+/).filter(Boolean)
}

function matchesSearch(
  pod: PodView,
  terms: readonly string[],
  nameOf: (accountId: AccountId) => string,
): boolean {
  if (terms.length === 0) return true
  const facts = [pod.name, pod.id, pod.hardware, pod.dataCenterId, pod.clusterId, nameOf(pod.accountId)]
  const text = facts.join('\n').toLowerCase()
  return terms.every((term) => text.includes(term))
}
