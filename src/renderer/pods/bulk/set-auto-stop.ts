import type { PodView } from '../../../core/view/snapshot'
import type { WindowServices } from '../../state/window-context'
import { autoStopDoneText, autoStopFailure } from './auto-stop-text'
import { runInBulk } from '../../state/run-in-bulk'

type AutoStopServices = Pick<WindowServices, 'bridge' | 'snapshotStore'>

/** Turns auto-stop on or off for all pods, or leaves it to their accounts (null), with one undo. Never rejects. */
export async function setAutoStop(
  services: AutoStopServices,
  pods: readonly PodView[],
  isAutoStopped: boolean | null,
): Promise<void> {
  const select = (some: readonly PodView[], value: boolean | null, failure: string) =>
    runInBulk(services, some, failure, (podKeys) => services.bridge.selectForAutoStop(podKeys, value))
  const count = await select(pods, isAutoStopped, autoStopFailure.notChanged)
  if (count === 0) return
  const undo = async (): Promise<void> => {
    for (const value of [true, false, null]) {
      const before = pods.filter(({ guard }) => (guard.rules.isAutoStopped ?? null) === value)
      if (value !== isAutoStopped && before.length > 0)
        await select(before, value, autoStopFailure.notChangedBack)
    }
  }
  services.snapshotStore.showToast('ok', autoStopDoneText(isAutoStopped, count), () => void undo())
}
