import type { PodView } from '../../core/view/snapshot'

/** The orders of the list, the usual one first. */
export const podOrders = ['price', 'idle', 'name', 'age'] as const
export type PodOrder = (typeof podOrders)[number]

/** What may be left over of the list, everything first. */
export const podFilters = ['all', 'running', 'idle', 'stopped', 'error'] as const
export type PodFilter = (typeof podFilters)[number]

/** Which pods a window shows, and in what order. */
export interface PodsView {
  readonly order: PodOrder
  readonly filter: PodFilter
  /** As typed; every word of it must be found. */
  readonly search: string
}

export const usualView: PodsView = { order: 'price', filter: 'all', search: '' }

/** The pods that `view` lets through, in the order they came in. */
export function filterPods(pods: readonly PodView[], { filter, search }: PodsView): readonly PodView[] {
  const words = wordsOf(search)
  if (filter === 'all' && words.length === 0) return pods
  return pods.filter((pod) => passes(pod, filter) && isFound(pod, words))
}

/** How many pods each filter lets through, whatever is searched for. */
export function countByFilter(pods: readonly PodView[]): Readonly<Record<PodFilter, number>> {
  const counts = { all: 0, running: 0, idle: 0, stopped: 0, error: 0 }
  for (const pod of pods) for (const filter of podFilters) if (passes(pod, filter)) counts[filter] += 1
  return counts
}

function passes(pod: PodView, filter: PodFilter): boolean {
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

/** Whether the pod was seen doing nothing, for however short a time. */
export function isIdle(pod: PodView): boolean {
  return pod.phase === 'running' && pod.activity.kind === 'idle'
}

function wordsOf(search: string): readonly string[] {
  return search.toLowerCase().split(/\s+/).filter(Boolean)
}

function isFound(pod: PodView, words: readonly string[]): boolean {
  if (words.length === 0) return true
  const text = [pod.name, pod.id, pod.hardware, pod.dataCenterId, pod.clusterId].join('\n').toLowerCase()
  return words.every((word) => text.includes(word))
}
