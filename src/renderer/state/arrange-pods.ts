import type { AccountId, PodKey } from '../../core/pods/pod'
import { isIdle, needsUser } from '../../core/view/pod-state'
import type { PodView } from '../../core/view/snapshot'
import type { PodsView } from './pod-filter'
import { byNameAndId, compareText, perHourUsd, podComparator } from './pod-order'

/** A group of pods in display order. */
export interface PodSection {
  readonly id: string
  readonly kind: 'needs-you' | 'running' | 'creating' | 'cluster' | 'stopped'
  /** Null unless it is a cluster. */
  readonly clusterId: string | null
  readonly podKeys: readonly PodKey[]
}

export interface ArrangeOptions extends Partial<Pick<PodsView, 'order' | 'isReversed'>> {
  /** Unix ms. */
  readonly nowMs: number
  /** What a person calls an account. */
  readonly nameOf?: (accountId: AccountId) => string
}

/**
 * The sections of the list: what needs the user, then pods that are or may be running, those being created, clusters by
 * cost, and stopped pods. Ties are broken by name and id, so that cards don't jump between polls.
 */
export function arrangePods(pods: readonly PodView[], options: ArrangeOptions): readonly PodSection[] {
  const { order = 'price', isReversed = false, nowMs, nameOf } = options
  const members: Record<Exclude<PodSection['kind'], 'cluster'>, PodView[]> = {
    'needs-you': [],
    running: [],
    creating: [],
    stopped: [],
  }
  const clusters = new Map<string, PodView[]>()
  for (const pod of pods) {
    if (pod.clusterId === null) members[sectionOf(pod, nowMs)].push(pod)
    else {
      const clusterKey = `${pod.accountId}/${pod.clusterId}`
      clusters.set(clusterKey, [...(clusters.get(clusterKey) ?? []), pod])
    }
  }
  const compare = podComparator(order, nameOf)
  const section = (id: string, kind: PodSection['kind'], own: readonly PodView[]): PodSection => ({
    id,
    kind,
    clusterId: kind === 'cluster' ? (own[0]?.clusterId ?? null) : null,
    podKeys: [...own]
      .sort((a, b) => {
        const isIdleFirst = kind === 'running' && order === 'price' && !isReversed
        const byIdle = isIdleFirst ? Number(isIdle(b)) - Number(isIdle(a)) : 0
        return byIdle || (isReversed ? compare(b, a) : compare(a, b)) || byNameAndId(a, b)
      })
      .map((pod) => pod.key),
  })
  const clustersByCost = [...clusters].sort(
    ([aId, a], [bId, b]) => totalPerHourUsd(b) - totalPerHourUsd(a) || compareText(aId, bId),
  )
  return [
    section('needs-you', 'needs-you', members['needs-you']),
    section('running', 'running', members.running),
    section('creating', 'creating', members.creating),
    ...clustersByCost.map(([id, own]) => section(`cluster:${id}`, 'cluster', own)),
    section('stopped', 'stopped', members.stopped),
  ].filter((nonEmpty) => nonEmpty.podKeys.length > 0)
}

function sectionOf(pod: PodView, nowMs: number): Exclude<PodSection['kind'], 'cluster'> {
  if (pod.phase === 'stopped' || pod.phase === 'terminated') return 'stopped'
  if (needsUser(pod, nowMs)) return 'needs-you'
  return pod.phase === 'creating' ? 'creating' : 'running'
}

/**
 * `next` with each pod left in the section and place that it has in `previous`, so that nothing moves away from under
 * the pointer. Pods that are new or gone appear and disappear.
 */
export function holdSections(
  previous: readonly PodSection[],
  next: readonly PodSection[],
): readonly PodSection[] {
  const present = new Set(next.flatMap(({ podKeys }) => podKeys))
  const known = new Set(previous.flatMap(({ podKeys }) => podKeys))
  const newIn = new Map(
    next.map(({ id, podKeys }) => [id, podKeys.filter((podKey) => !known.has(podKey))] as const),
  )
  const heldIds = new Set(previous.map(({ id }) => id))
  const held = previous.map((section) => ({
    ...section,
    podKeys: [...section.podKeys.filter((podKey) => present.has(podKey)), ...(newIn.get(section.id) ?? [])],
  }))
  const added = next
    .filter(({ id }) => !heldIds.has(id))
    .map((section) => ({ ...section, podKeys: newIn.get(section.id) ?? [] }))
  return [...held, ...added].filter(({ podKeys }) => podKeys.length > 0)
}

function totalPerHourUsd(pods: readonly PodView[]): number {
  return pods.reduce((sum, pod) => sum + (perHourUsd(pod) ?? 0), 0)
}
