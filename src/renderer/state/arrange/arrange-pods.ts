import type { AccountId, PodKey } from '../../../core/pods/pod'
import { isIdle, needsUser } from '../../../core/view/pod-state'
import type { PodView } from '../../../core/view/snapshot'
import type { PodGrouping, PodsView } from './pod-filter'
import { byNameAndId, compareText, perHourUsd, podComparator } from './pod-order'
import { groupText } from './arrange-text'

/** A group of pods in display order. */
export interface PodSection {
  readonly id: string
  readonly kind: (typeof stateKinds)[number] | 'cluster' | Exclude<PodGrouping, 'state' | 'none'> | 'all'
  /** Id of a cluster, an account or a data center, or the name of a GPU; null for the others. */
  readonly about: string | null
  readonly podKeys: readonly PodKey[]
}

export interface ArrangeOptions extends Partial<Pick<PodsView, 'order' | 'isReversed'>> {
  /** Unix ms. */
  readonly nowMs: number
  /** What a person calls an account. */
  readonly nameOf?: (accountId: AccountId) => string
  /** By state unless it says otherwise. */
  readonly grouping?: PodGrouping
  /** In the person's order. */
  readonly accountIds?: readonly AccountId[]
}

const stateKinds = ['needs-you', 'running', 'creating', 'stopped'] as const

/**
 * The sections of the list. By state: what needs the user, then pods that are or may be running, those being created,
 * clusters by cost, and stopped pods. By account in the person's order, or by GPU or data center, the most expensive
 * ones first, or all pods in one: each in the order of the states. Ties are broken by name and id, so that cards don't
 * jump between polls.
 */
export function arrangePods(pods: readonly PodView[], options: ArrangeOptions): readonly PodSection[] {
  const { order = 'price', isReversed = false, grouping = 'state', nowMs, nameOf, accountIds = [] } = options
  const compare = podComparator(order, nameOf)
  const isDefaultOrder = order === 'price' && !isReversed
  const rankOf = (pod: PodView): number =>
    grouping === 'state'
      ? Number(sectionOf(pod, nowMs) === 'running' && !isIdle(pod))
      : 2 * stateKinds.indexOf(sectionOf(pod, nowMs)) + Number(!isIdle(pod))
  const section = (kind: PodSection['kind'], about: string | null, own: readonly PodView[]): PodSection => ({
    id: about === null ? kind : `${kind}:${about}`,
    kind,
    about,
    podKeys: [...own]
      .sort((a, b) => {
        const byRank = isDefaultOrder ? rankOf(a) - rankOf(b) : 0
        return byRank || (isReversed ? compare(b, a) : compare(a, b)) || byNameAndId(a, b)
      })
      .map((pod) => pod.key),
  })
  if (grouping === 'account') {
    const place = (id: AccountId): number => (accountIds.includes(id) ? accountIds.indexOf(id) : Infinity)
    return [...groupBy(pods, ({ accountId }) => accountId)]
      .sort(([a], [b]) => (place(a) === place(b) ? compareText(a, b) : place(a) - place(b)))
      .map(([accountId, own]) => section('account', accountId, own))
  }
  if (grouping === 'gpu' || grouping === 'data-center')
    return byCost(groupBy(pods, grouping === 'gpu' ? gpuOf : dataCenterOf)).map(([about, own]) =>
      section(grouping, about, own),
    )
  if (grouping === 'none') return pods.length === 0 ? [] : [section('all', null, pods)]
  const ofState = groupBy(
    pods.filter(({ clusterId }) => clusterId === null),
    (pod) => sectionOf(pod, nowMs),
  )
  const clusters = groupBy(
    pods.filter(({ clusterId }) => clusterId !== null),
    ({ accountId, clusterId }) => `${accountId}/${clusterId}`,
  )
  const sections = stateKinds.map((kind) => section(kind, null, ofState.get(kind) ?? []))
  const clusterSections = byCost(clusters).map(([id, own]) => ({
    ...section('cluster', own[0]?.clusterId ?? null, own),
    id: `cluster:${id}`,
  }))
  return [...sections.slice(0, -1), ...clusterSections, ...sections.slice(-1)].filter(
    ({ podKeys }) => podKeys.length > 0,
  )
}

/** The type of a pod's GPU, however many it has. */
const gpuOf = ({ gpuName, hardware }: PodView): string =>
  gpuName ?? (hardware === null ? groupText.unknownHardware : groupText.noGpu)

const dataCenterOf = ({ dataCenterId }: PodView): string => dataCenterId ?? groupText.unknownDataCenter

function groupBy<Key extends string>(
  pods: readonly PodView[],
  keyOf: (pod: PodView) => Key,
): ReadonlyMap<Key, readonly PodView[]> {
  const groups = new Map<Key, PodView[]>()
  for (const pod of pods) {
    const key = keyOf(pod)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [pod])
    else group.push(pod)
  }
  return groups
}

const byCost = <Key extends string>(groups: ReadonlyMap<Key, readonly PodView[]>) =>
  [...groups].sort(
    ([aKey, a], [bKey, b]) => totalPerHourUsd(b) - totalPerHourUsd(a) || compareText(aKey, bKey),
  )

function sectionOf(pod: PodView, nowMs: number): (typeof stateKinds)[number] {
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
