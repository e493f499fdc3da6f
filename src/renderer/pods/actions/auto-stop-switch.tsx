import './auto-stop-switch.css'
import type { PodView } from '../../../core/view/snapshot'
import { canSwitchAutoStop } from '../../guard/auto-stop-pods'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useWindow } from '../../state/window-context'
import { autoStopSwitchText } from '../../guard/auto-stop-switch-text'
import { switchAutoStop } from '../../guard/set-auto-stop'

interface AutoStopSwitchProps {
  readonly pod: PodView
  readonly tabIndex?: 0 | -1
}

/**
 * Whether the pod may be stopped automatically, which is never shown as on while its account's auto-stop is off. The
 * first use asks to turn that on.
 */
export function AutoStopSwitch({ pod, tabIndex = 0 }: AutoStopSwitchProps) {
  const services = useWindow()
  const runOnce = useSingleFlight()
  if (!canSwitchAutoStop(pod)) return null
  const { isAutoStopEnabled } = pod.guard
  return (
    <input
      type="checkbox"
      role="switch"
      className="pod-switch"
      aria-label={autoStopSwitchText.label(pod.name)}
      checked={isAutoStopEnabled}
      tabIndex={tabIndex}
      onChange={() => runOnce(() => switchAutoStop(services, pod, !isAutoStopEnabled))}
    />
  )
}

/** "Auto-stop off", which leads to the reason. */
export function AutoStopReason({ pod, tabIndex = 0 }: AutoStopSwitchProps) {
  const { snapshotStore } = useWindow()
  return (
    <button
      type="button"
      className="auto-stop-reason"
      aria-label={autoStopSwitchText.whyOff(pod.name)}
      tabIndex={tabIndex}
      onClick={() => snapshotStore.openDialog({ kind: 'rules', podKey: pod.key })}
    >
      {autoStopSwitchText.off}
    </button>
  )
}

/** The pod's maximum hours, which lead to its rules. */
function MaxHours({ pod }: { readonly pod: PodView }) {
  const { snapshotStore } = useWindow()
  const { maxHours } = pod.guard.rules
  return (
    <button
      type="button"
      className="auto-stop-reason max-hours"
      aria-label={autoStopSwitchText.maxHoursOf(pod.name, maxHours)}
      onClick={() => snapshotStore.openDialog({ kind: 'rules', podKey: pod.key })}
    >
      {autoStopSwitchText.maxHours(maxHours)}
    </button>
  )
}

/** The switch with its word, and the maximum hours. `arePaused`: automatic stops are paused for all pods. */
export function AutoStopLine({ pod, arePaused }: { readonly pod: PodView; readonly arePaused: boolean }) {
  if (!canSwitchAutoStop(pod)) return null
  return (
    <div className="auto-stop-line">
      <AutoStopSwitch pod={pod} />
      {pod.guard.isAutoStopEnabled ? (
        <span className="label-like">{arePaused ? autoStopSwitchText.paused : autoStopSwitchText.on}</span>
      ) : (
        <AutoStopReason pod={pod} />
      )}
      <MaxHours pod={pod} />
    </div>
  )
}
