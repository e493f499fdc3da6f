import type { PodView } from '../../../core/view/snapshot'
import { wouldLoseData } from '../../../core/view/stops/stop-plan'
import { runPodCommand } from '../../pod-model/commands/pod-commands'
import type { WindowServices } from '../../state/window-context'
import { runInBulk } from '../../state/run-in-bulk'
import { bulkFailureText } from '../../state/state-text'

type StopServices = Pick<WindowServices, 'bridge' | 'snapshotStore' | 'navigate'>

/**
 * Stops the pods: at once those that keep their data, so that one undo is for all of them, and then one after the other
 * those that the app's own window asks about. Failures are shown as toasts; never rejects.
 */
export async function stopPods(services: StopServices, pods: readonly PodView[]): Promise<void> {
  await runInBulk(
    services,
    pods.filter((pod) => !wouldLoseData(pod)),
    bulkFailureText.notStopped,
    (podKeys) => services.bridge.stopPods(podKeys),
  )
  for (const pod of pods.filter(wouldLoseData)) await runPodCommand(services, pod, { kind: 'stop' })
}

/** Starts all of them, as far as the app allows that at once: a start spends money. */
export async function startPods(services: StopServices, pods: readonly PodView[]): Promise<void> {
  await Promise.all(pods.map((pod) => runPodCommand(services, pod, { kind: 'start' })))
}
