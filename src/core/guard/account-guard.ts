import { type AlertActionResult, createAlertActions } from './alert-actions'
import type { Fleet } from '../polling/fleet'
import { createStopEnforcer, type StopEnforcer, type StopEnforcerOptions } from './stop-enforcer'
import {
  createPodRulesEditor,
  type PodRulesEditor,
  type PodRulesEditorOptions,
} from '../pod-rules/pod-rules-editor'
import type { PodId } from '../pods/pod'
import type { AlertButton, AlertKey } from '../alerts/alert'
import type { Result } from '../base/result'

export interface GuardOptions
  extends StopEnforcerOptions, Omit<PodRulesEditorOptions, 'findPod' | 'onChange'> {
  readonly fleet: StopEnforcerOptions['fleet'] & Pick<Fleet, 'pod'>
  /** Stops the pod with the usual undo window. */
  readonly stop: (podId: PodId) => Result<void, string>
  /** Called when the user changed the rules. */
  readonly onChange: () => void
}

/** What the user may request of the guard. */
export interface GuardRequests extends PodRulesEditor {
  /** Handles a pressed notification button. */
  runAlertAction(key: AlertKey, button: AlertButton): Result<AlertActionResult, string>
}

/** The guard of one account: its rules, and the automatic stops that they cause. */
export interface Guard extends StopEnforcer {
  readonly requests: GuardRequests
}

export function createGuard(options: GuardOptions): Guard {
  const enforcer = createStopEnforcer(options)
  const rulesEditor = createPodRulesEditor({
    ...options,
    findPod: (podId) => options.fleet.pod(podId),
    onChange(podId) {
      enforcer.discardPlans(podId)
      options.onChange()
    },
  })
  const runAlertAction = createAlertActions({ ...options, enforcer: enforcer, rulesEditor })
  return { ...enforcer, requests: { ...rulesEditor, runAlertAction } }
}
