import type { PodId } from '../../core/pods/pod'
import type { PodView } from '../../core/view/snapshot'
import { isIdle, type PodOrder } from './pod-filter'

/** Pods that are drawn together, in order. */
export interface PodSection {
  readonly id: string
  readonly kind: 'active' | 'cluster' | 'stopped'
  readonly podIds: readonly PodId[]
}

/**
 * The sections of the list: everything that is or may be running, then clusters by what they cost, then what
 * is stopped. By price and by idleness, pods in error come first. Ties are broken by name and id, so that no
 * card jumps between polls.
 */
export function arrangePods(pods: readonly PodView[], order: PodOrder = 'price'): readonly PodSection[] {
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
  const section = (id: string, kind: PodSection['kind'], members: readonly PodView[]): PodSection => ({
    id,
    kind,
    podIds: [...members]
      .sort((a, b) => comparisons[order](a, b) || compareText(a.name, b.name) || compareText(a.id, b.id))
      .map((pod) => pod.id),
  })
  return [
    section('active', 'active', active),
    ...byCost.map(([id, members]) => section(`cluster:${id}`, 'cluster', members)),
    section('stopped', 'stopped', stopped),
  ].filter((one) => one.podIds.length > 0)
}

type Compare = (a: PodView, b: PodView) => number

/** Names as people order them: without regard to case, "run-9" before "run-10". */
const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
const byName: Compare = (a, b) => names.compare(a.name, b.name)
const byError: Compare = (a, b) => Number(b.phase === 'error') - Number(a.phase === 'error')
const byPrice: Compare = (a, b) => (perHourUsd(b) ?? -1) - (perHourUsd(a) ?? -1)

const comparisons: Readonly<Record<PodOrder, Compare>> = {
  price: (a, b) => byError(a, b) || byPrice(a, b),
  idle: (a, b) => byError(a, b) || idleMs(b) - idleMs(a) || byPrice(a, b),
  name: byName,
  age: (a, b) => sinceMs(a) - sinceMs(b),
}

/** What a pod costs now: its rate, or while it is stopped its disk's; null when not known. */
export function perHourUsd(pod: PodView): number | null {
  if (pod.phase === 'terminated') return 0
  return pod.phase === 'stopped' ? pod.stoppedDiskPerHourUsd : pod.costPerHourUsd
}

function idleMs(pod: PodView): number {
  return isIdle(pod) && pod.activity.kind === 'idle' ? pod.activity.idleForMs : -1
}

/** The oldest first; one of unknown age last. */
function sinceMs(pod: PodView): number {
  return pod.startedAtMs ?? pod.createdAtMs ?? Number.MAX_SAFE_INTEGER
}

function sumPerHourUsd(pods: readonly PodView[]): number {
  return pods.reduce((sum, pod) => sum + (perHourUsd(pod) ?? 0), 0)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
