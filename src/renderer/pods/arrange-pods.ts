import type { PodId } from '../../core/pod'
import type { PodView } from '../../core/snapshot'

/** Pods that are drawn together, in order. */
export interface PodSection {
  readonly id: string
  readonly kind: 'active' | 'cluster' | 'stopped'
  readonly podIds: readonly PodId[]
}

/**
 * The order of the list: pods in error, then everything that is or may be running by its price, then
 * clusters, then what is stopped. Ties are broken by name and id, so that no card jumps between polls.
 */
export function arrangePods(pods: readonly PodView[]): readonly PodSection[] {
  const active: PodView[] = []
  const stopped: PodView[] = []
  const clusters = new Map<string, PodView[]>()
  for (const pod of pods) {
    if (pod.clusterId !== null) clusters.set(pod.clusterId, [...(clusters.get(pod.clusterId) ?? []), pod])
    else if (pod.phase === 'stopped' || pod.phase === 'terminated') stopped.push(pod)
    else active.push(pod)
  }
  const byCost = [...clusters].sort(
    ([aId, a], [bId, b]) => sumPerHourUsd(b) - sumPerHourUsd(a) || compareText(aId, bId),
  )
  return [
    section('active', 'active', active),
    ...byCost.map(([id, members]) => section(`cluster:${id}`, 'cluster', members)),
    section('stopped', 'stopped', stopped),
  ].filter((one) => one.podIds.length > 0)
}

function section(id: string, kind: PodSection['kind'], pods: readonly PodView[]): PodSection {
  return { id, kind, podIds: [...pods].sort(compare).map((pod) => pod.id) }
}

function compare(a: PodView, b: PodView): number {
  return (
    Number(b.phase === 'error') - Number(a.phase === 'error') ||
    perHourUsd(b) - perHourUsd(a) ||
    compareText(a.name, b.name) ||
    compareText(a.id, b.id)
  )
}

/** For sorting only: an unknown price stands after the known ones. */
function perHourUsd(pod: PodView): number {
  return (pod.phase === 'stopped' ? pod.stoppedDiskPerHourUsd : pod.costPerHourUsd) ?? -1
}

function sumPerHourUsd(pods: readonly PodView[]): number {
  return pods.reduce((sum, pod) => sum + Math.max(0, perHourUsd(pod)), 0)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
