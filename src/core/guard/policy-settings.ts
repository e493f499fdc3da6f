import { remindersOf } from '../settings/definitions/reminders'
import type { Settings } from '../settings/settings'
import type { WarningRules } from './stop-plan'
import { MINUTE_MS } from '../base/time'

/** The numbers and switches of the guard, milliseconds. Source: product rules, "Idle policy"; all are settings. */
export interface PolicyRules {
  /** Observed idle time at which an owner is told. */
  readonly idleAlertAfterMs: number
  /** Observed idle time at which the owner is reminded, rising. */
  readonly remindersMs: readonly number[]
  /** Observed quiet time at which a ticked pod is stopped. */
  readonly autoStopAfterMs: number
  readonly warnings: WarningRules
  readonly stopsPerHour: number
  /** The switch that ends every automatic stop. */
  readonly arePaused: boolean
  readonly isDryRun: boolean
}

export function policyRulesOf(settings: Settings): PolicyRules {
  return {
    idleAlertAfterMs: settings.idleAlertAfterMin * MINUTE_MS,
    remindersMs: remindersOf(settings.idleRemindersH),
    autoStopAfterMs: settings.autoStopAfterMin * MINUTE_MS,
    warnings: {
      firstMs: settings.autoStopFirstWarningMin * MINUTE_MS,
      lastMs: settings.autoStopLastWarningMin * MINUTE_MS,
      mayActUnheard: settings.mayStopUnheard,
    },
    stopsPerHour: settings.autoStopsPerHour,
    arePaused: settings.areAutoStopsPaused,
    isDryRun: settings.isAutoStopDryRun,
  }
}
