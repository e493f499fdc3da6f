import { fail, ok } from '../../core/base/result'
import type { Monitor } from '../../core/monitor/monitor-types'
import { otherText, podGuardDetail, podGuardText } from '../../core/pod-guard/guard-in-pod-view'
import type { ControlActions, ControlRefusal } from './control-requests'

export function createGuardHandlers(
  ownMonitor: () => Monitor | null,
  noAccount: ControlRefusal,
): Pick<ControlActions, 'podGuard'> {
  return {
    async podGuard(podId) {
      const monitor = ownMonitor()
      if (monitor === null) return fail(noAccount)
      const { pods, atMs } = monitor.snapshot()
      const view = pods.find((pod) => pod.id === podId)?.guardInPod
      const guard =
        view === undefined
          ? null
          : {
              state: view.state,
              text: podGuardText(view, atMs),
              detail: podGuardDetail(view, atMs),
              others: view.others.map((other) => ({
                id: other.id,
                name: other.name,
                text: otherText(other, atMs),
              })),
            }
      return ok({ script: monitor.podGuardScript(), guard })
    },
  }
}
