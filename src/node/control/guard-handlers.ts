import { fail, ok, type Result } from '../../core/base/result'
import type { Monitor } from '../../core/monitor-types'
import { podGuardDetail, podGuardText } from '../../core/pod-guard/guard-in-pod-view'
import type { ControlHandlers, ControlRefusal } from './control-requests'
import type { GuardControlRequests, PodGuardChange } from './guard-control'

export function createGuardHandlers(
  ownMonitor: () => Monitor | null,
  noAccount: ControlRefusal,
): Pick<ControlHandlers, keyof GuardControlRequests> {
  return {
    async podGuard(podId) {
      const monitor = ownMonitor()
      if (monitor === null) return fail(noAccount)
      const { pods, atMs } = monitor.snapshot()
      const view = pods.find((pod) => pod.id === podId)?.guardInPod
      const guard =
        view === undefined
          ? null
          : { state: view.state, text: podGuardText(view, atMs), detail: podGuardDetail(view, atMs) }
      return ok({ script: monitor.podGuardScript(), guard })
    },
    async changePodGuard(podId, change) {
      const monitor = ownMonitor()
      if (monitor === null) return fail(noAccount)
      const changed = await carryOut(monitor, podId, change)
      return changed.ok ? changed : fail({ code: 'failed', message: changed.error })
    },
  }
}

function carryOut(monitor: Monitor, podId: string, change: PodGuardChange): Promise<Result<void, string>> {
  if (change === 'refresh') return monitor.refreshPodGuard(podId)
  if (change === 'remove') return monitor.removePodGuard(podId)
  return change === 'prove' ? monitor.provePodGuard(podId) : monitor.installPodGuard(podId, change)
}
