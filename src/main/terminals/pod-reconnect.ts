import { UPTIME_TOLERANCE_S } from '../../core/pods/confirmed-uptime'
import {
  isEndedWithPod,
  isSolvedByStart,
  POD_NOT_READY,
  POD_RUNS_AGAIN,
  type TerminalEvent,
  type TerminalLifecycle,
} from '../../core/terminal/terminal-state'
import type { TerminalPod } from './terminal-pod'

interface PodReconnectParts {
  readonly pod: () => TerminalPod
  readonly lifecycle: () => TerminalLifecycle
  /** Whether a window shows the terminal. */
  readonly isShown: () => boolean
  readonly apply: (event: TerminalEvent) => void
  readonly connectAgain: () => void
}

/** Follows what becomes of a terminal's pod. See docs/product-rules.md#83-working-in-it. */
export interface PodReconnect {
  /** An attempt to connect begins. */
  onAttempt(): void
  /** Whether the pod is reached in another way than at the last attempt. */
  hasOtherTarget(): boolean
  /** A poll may already have shown that the pod is stopped or gone. */
  closeIfUnavailable(): void
  /**
   * Reconnects a terminal that ended with its pod, or whose failure a start may solve, once that runs again, if a window
   * shows it: a hidden one must not ask anything, and waits until it is shown.
   */
  reconnectIfPodRuns(): void
}

export function createPodReconnect(parts: PodReconnectParts): PodReconnect {
  const { pod, lifecycle, isShown, apply, connectAgain } = parts
  let lastTarget = ''
  let lastStart: number | null = null
  let lastUptimeS: number | null = null

  /** Whether the pod was started or restarted since the last attempt. */
  function hasStartedSince(): boolean {
    const { target, uptimeS } = pod()
    if (target?.startedAtMs != null && lastStart !== null && target.startedAtMs > lastStart) return true
    return uptimeS !== null && lastUptimeS !== null && uptimeS < lastUptimeS - UPTIME_TOLERANCE_S
  }

  function runAgain(): void {
    apply({ kind: 'pod-runs-again' })
    connectAgain()
  }

  return {
    onAttempt() {
      lastTarget = JSON.stringify(pod().target)
      lastStart = pod().target?.startedAtMs ?? null
      lastUptimeS = pod().uptimeS
    },
    hasOtherTarget: () => pod().target !== null && JSON.stringify(pod().target) !== lastTarget,
    closeIfUnavailable() {
      const { unavailableReason: reason, isStopped: isPodStopped } = pod()
      if (reason !== null) apply({ kind: 'close', reason, isPodStopped })
    },
    reconnectIfPodRuns() {
      const { target, unavailableReason } = pod()
      const isReady = target !== null
      const canConnect = isReady && isShown()
      if (lifecycle().state.kind === 'detached' && canConnect) connectAgain()
      if (!isSolvedByStart(lifecycle()) || unavailableReason !== null) return
      if (!isEndedWithPod(lifecycle())) {
        if (canConnect && hasStartedSince()) runAgain()
      } else if (canConnect) runAgain()
      else apply({ kind: 'close', reason: isReady ? POD_RUNS_AGAIN : POD_NOT_READY, isPodStopped: true })
    },
  }
}
