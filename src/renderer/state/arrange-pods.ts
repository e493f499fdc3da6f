import type { PodKey } from '../../core/pods/pod'
import type { PodView } from '../../core/view/snapshot'
import { isIdle, type PodOrder } from './pod-filter'

/** A group of pods in display order. */
export interface PodSection {
  readonly id: string
  readonly kind: 'active' | 'cluster' | 'stopped'
  /** Null unless it is a cluster. */
  readonly clusterId: string | null
  readonly podKeys: readonly PodKey[]
}

/**
 * The sections of the list: pods that are or may be running, then clusters by cost, then stopped pods. In the
 * orders by price and by idleness, pods in error come first. Ties are broken by name and id, so that cards
 * don't jump between polls.
 */
export function arrangePods(pods: readonly PodView[], order: PodOrder = 'price'): readonly PodSection[] {
  const active: PodView[] = []
  const stopped: PodView[] = []
  const clusters = new Map<string, PodView[]>()
  for (const pod of pods) {
    if (pod.clusterId !== null) {
      const clusterKey = `${pod.accountId}/${pod.clusterId}`
      clusters.set(clusterKey, [...(clusters.get(clusterKey) ?? []), pod])
    } else if (pod.phase === 'stopped' || pod.phase === 'terminated') stopped.push(pod)
    else active.push(pod)
  }
  const byCost = [...clusters].sort(
    ([aId, a], [bId, b]) => totalPerHourUsd(b) - totalPerHourUsd(a) || compareText(aId, bId),
  )
  const section = (id: string, kind: PodSection['kind'], members: readonly PodView[]): PodSection => ({
    id,
    kind,
    clusterId: kind === 'cluster' ? (members[0]?.clusterId ?? null) : null,
    podKeys: [...members]
      .sort((a, b) => comparators[order](a, b) || compareText(a.name, b.name) || compareText(a.id, b.id))
      .map((pod) => pod.key),
  })
  return [
    section('active', 'active', active),
    ...byCost.map(([id, members]) => section(`cluster:${id}`, 'cluster', members)),
    section('stopped', 'stopped', stopped),
  ].filter((nonEmpty) => nonEmpty.podKeys.length > 0)
}

type PodComparator = (a: PodView, b: PodView) => number

/** Case-insensitive, with "run-9" before "run-10". */
const nameCollator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
const byName: PodComparator = (a, b) => nameCollator.compare(a.name, b.name)
const byError: PodComparator = (a, b) => Number(b.phase === 'error') - Number(a.phase === 'error')
const byPrice: PodComparator = (a, b) => (perHourUsd(b) ?? -1) - (perHourUsd(a) ?? -1)

const comparators: Readonly<Record<PodOrder, PodComparator>> = {
  price: (a, b) => byError(a, b) || byPrice(a, b),
  idle: (a, b) => byError(a, b) || idleMs(b) - idleMs(a) || byPrice(a, b),
  name: byName,
  age: (a, b) => startMs(a) - startMs(b),
}

/** Current cost of a pod: its rate, or its disk's while it is stopped; null when unknown. */
export function perHourUsd(pod: PodView): number | null {
  if (pod.phase === 'terminated') return 0
  return pod.phase === 'stopped' ? pod.stoppedDiskPerHourUsd : pod.costPerHourUsd
}

function idleMs(pod: PodView): number {
  return isIdle(pod) && pod.activity.kind === 'idle' ? pod.activity.idleForMs : -1
}

/** Start time for sorting by age; unknown sorts last. */
function startMs(pod: PodView): number {
  return pod.startedAtMs ?? pod.createdAtMs ?? Number.MAX_SAFE_INTEGER
}

function totalPerHourUsd(pods: readonly PodView[]): number {
  return pods.reduce((sum, pod) => sum + (perHourUsd(pod) ?? 0), 0)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
