import type { AccountId, ManagedPod, Pod, PodId } from '../pods/pod'

/** The pods of one account of this program, as the other accounts may know them. */
export interface AccountListing {
  readonly accountId: AccountId
  pod(podId: PodId): Pod | null
  pods(): readonly Pod[]
  /** It lists its pods: its key is accepted, and its last list is no older than the gap. */
  isWatching(): boolean
}

/** A pod of this account that another account shows, too. See docs/product-rules.md#122-hubify. */
export interface SharedPod {
  readonly podId: PodId
  readonly other: { readonly accountId: AccountId; readonly podId: PodId }
  /** What the lab says of it, whichever of the two accounts is the lab. */
  readonly managed: ManagedPod
  /** This account is the lab, and the other one watches the pod at the cloud that runs it. */
  readonly isWatchedElsewhere: boolean
  /** Shown and counted as the pod of the other account: of the lab while only the lab watches it, else of the cloud. */
  readonly isShownElsewhere: boolean
}

/**
 * The pods of `own` that are also a pod of one of `listings`, which may contain `own`. A pod of a lab is the pod of a
 * cloud account that has the same id there.
 */
export function sharedPodsOf(own: AccountListing, listings: readonly AccountListing[]): readonly SharedPod[] {
  const others = listings.filter(({ accountId }) => accountId !== own.accountId)
  const managedHere = others.length === 0 ? [] : managedPodsOf(own)
  const seenElsewhere = managedHere.flatMap(([pod, managed, cloudPodId]) => {
    const views = others.filter((one) => isCloudPod(one.pod(cloudPodId)))
    const view = views.find((one) => one.isWatching()) ?? views[0]
    if (view === undefined) return []
    const other = { accountId: view.accountId, podId: cloudPodId }
    const isShownElsewhere = !isShownByLab(view, own)
    return [{ podId: pod.id, other, managed, isWatchedElsewhere: view.isWatching(), isShownElsewhere }]
  })
  const seenByLabs = others.flatMap((lab) =>
    managedPodsOf(lab).flatMap(([pod, managed, cloudPodId]) => {
      if (!isCloudPod(own.pod(cloudPodId))) return []
      const other = { accountId: lab.accountId, podId: pod.id }
      const isShownElsewhere = isShownByLab(own, lab)
      return [{ podId: cloudPodId, other, managed, isWatchedElsewhere: false, isShownElsewhere }]
    }),
  )
  return [...seenElsewhere, ...seenByLabs]
}

const isShownByLab = (cloud: AccountListing, lab: AccountListing): boolean =>
  !cloud.isWatching() && lab.isWatching()

const isCloudPod = (pod: Pod | null): boolean => pod !== null && pod.managed === undefined

const managedPodsOf = (listing: AccountListing): readonly (readonly [Pod, ManagedPod, PodId])[] =>
  listing
    .pods()
    .flatMap((pod) =>
      pod.managed !== undefined && pod.managed.cloudPodId !== null
        ? [[pod, pod.managed, pod.managed.cloudPodId] as const]
        : [],
    )
