import { type AlertAnswer, createAlertAnswers } from './alert-actions'
import type { Fleet } from '../polling/fleet'
import { createGuardDesk, type GuardDesk, type GuardDeskOptions } from './stop-enforcer'
import { createGuardOrders, type GuardOrders, type GuardOrdersOptions } from '../pod-rules/pod-rules-editor'
import type { PodId } from '../pods/pod'
import type { AlertButton, AlertKey } from '../alerts/alert'
import type { Result } from '../base/result'

export interface GuardOptions extends GuardDeskOptions, Omit<GuardOrdersOptions, 'pod' | 'onChange'> {
  readonly fleet: GuardDeskOptions['fleet'] & Pick<Fleet, 'pod'>
  /** With the usual undo. */
  readonly stop: (podId: PodId) => Result<void, string>
  /** A person changed what holds. */
  readonly onChange: () => void
}

/** What a person may ask of the guard, beside what it does by itself. */
export interface GuardRequests extends GuardOrders {
  /** A button of a notification was pressed. */
  answerAlert(key: AlertKey, button: AlertButton): Result<AlertAnswer, string>
}

/** The guard of one account: its rules as they were told, and what it does by them. */
export interface Guard extends GuardDesk {
  readonly requests: GuardRequests
}

export function createGuard(options: GuardOptions): Guard {
  const desk = createGuardDesk(options)
  const orders = createGuardOrders({
    ...options,
    pod: (podId) => options.fleet.pod(podId),
    onChange(podId) {
      desk.forget(podId)
      options.onChange()
    },
  })
  const answerAlert = createAlertAnswers({ ...options, guard: desk, orders })
  return { ...desk, requests: { ...orders, answerAlert } }
}
