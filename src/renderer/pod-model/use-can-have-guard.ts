import type { PodView } from '../../core/view/snapshot'
import { useSnapshotStore } from '../state/window-context'

/** Whether a guard can be installed in the pod. What manages several pods stops them itself. */
export function useCanHaveGuard({ sshRoute, managed, clusterId }: PodView): boolean {
  const isDemo = useSnapshotStore(({ snapshot }) => snapshot?.account?.isDemo ?? false)
  return sshRoute !== null && managed === undefined && clusterId === null && !isDemo
}
