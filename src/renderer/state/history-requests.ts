import type { PodKey } from '../../core/pods/pod'
import { MAX_HISTORIES } from '../../shared/requests/limits'

/** Minimum interval between history requests, so that fast scrolling doesn't flood the main process. */
const HISTORY_INTERVAL_MS = 150

export interface HistoryRequests {
  /** Reads the histories of the running pods among those that are visible. */
  readonly request: () => Promise<void>
  readonly setVisible: (podKeys: readonly PodKey[]) => void
}

interface HistoryRequestOptions {
  readonly isRunning: (podKey: PodKey) => boolean
  readonly isKnown: (podKey: PodKey) => boolean
  readonly read: (podKeys: readonly PodKey[]) => Promise<void>
}

/** Sends one request at a time; pods that become visible meanwhile are requested afterward. */
export function createHistoryRequests({ isRunning, isKnown, read }: HistoryRequestOptions): HistoryRequests {
  let visiblePodKeys: readonly PodKey[] = []
  let isRequested = false
  let isRequesting = false

  async function request(): Promise<void> {
    isRequested = true
    if (isRequesting) return
    isRequesting = true
    while (isRequested) {
      isRequested = false
      const requestedKeys = visiblePodKeys.filter(isRunning).slice(0, MAX_HISTORIES)
      if (requestedKeys.length === 0) break
      await read(requestedKeys)
      await new Promise((done) => setTimeout(done, HISTORY_INTERVAL_MS))
    }
    isRequesting = false
  }

  return {
    request,
    setVisible(podKeys) {
      visiblePodKeys = podKeys
      if (podKeys.some((podKey) => !isKnown(podKey) && isRunning(podKey))) void request()
    },
  }
}
