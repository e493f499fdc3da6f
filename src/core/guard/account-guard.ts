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
  const { accountId, clock, settings, fleet, accountRules, auditLog, report } = options
  const enforcer = createStopEnforcer({
    accountId,
    clock,
    settings,
    fleet,
    accountRules,
    auditLog,
    report,
    intentRunner: options.intentRunner,
    deliveries: options.deliveries,
    pollPod: options.pollPod,
    canKeyWrite: options.canKeyWrite,
    mayAnnounce: options.mayAnnounce,
    confirmedSpendUsd: options.confirmedSpendUsd,
    ...(options.insideLooks ? { insideLooks: options.insideLooks } : {}),
  })
  const rulesEditor = createPodRulesEditor({
    accountId,
    clock,
    settings,
    accountRules,
    auditLog,
    report,
    utcOffset: options.utcOffset,
    findPod: (podId) => fleet.pod(podId),
    onChange(podId) {
      enforcer.discardPlans(podId)
      options.onChange()
    },
  })
  const runAlertAction = createAlertActions({
    accountId,
    clock,
    fleet,
    enforcer,
    rulesEditor,
    stop: options.stop,
  })
  return { ...enforcer, requests: { ...rulesEditor, runAlertAction } }
}
