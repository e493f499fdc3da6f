import { useDeferredValue } from 'react'
import { parsePodKey, type PodKey } from '../../core/pods/pod'
import type { PodView } from '../../core/view/snapshot'
import { isAccountStale } from '../state/account-parts'
import { useSnapshotStore } from '../state/window-context'

/** A part of the pod; undefined once the pod is gone. Re-renders only when that part changes. */
export const usePodPart = <T>(podKey: PodKey, part: (pod: PodView) => T): T | undefined =>
  useSnapshotStore(({ podsByKey }) => {
    const pod = podsByKey.get(podKey)
    return pod && part(pod)
  })

/**
 * The pod; undefined once it is gone. A change is rendered in small pieces between frames, since a page of it takes
 * longer than a frame.
 */
export const useCalmPod = (podKey: PodKey): PodView | undefined =>
  useDeferredValue(useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey)))

/** Whether what the pod’s account says is from before. */
export const useIsStale = (podKey: PodKey): boolean =>
  useSnapshotStore(({ snapshot }) => isAccountStale(snapshot, parsePodKey(podKey).accountId))
