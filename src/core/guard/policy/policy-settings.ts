import { reminderDelaysMs } from '../../settings/definitions/reminders'
import { activityRulesOf, type Settings } from '../../settings/settings'
import { withSpacing } from '../../idle/spacing'
import type { WarningRules } from './stop-plan'
import { MINUTE_MS } from '../../base/time/time'

/**
 * Limits and switches of the guard, in milliseconds; all are settings. See docs/product-rules.md#31-rules.
 */
export interface PolicyRules {
  /** Observed idle time before the owner is alerted. */
  readonly idleAlertAfterMs: number
  readonly hasIdleAlerts: boolean
  /** Observed time without a judged sample before the owner is alerted. */
  readonly unknownAlertAfterMs: number
  /** Observed idle times of the reminders, ascending. */
  readonly remindersMs: readonly number[]
  /** Observed quiet time before a selected pod is stopped. */
  readonly autoStopAfterMs: number
  readonly warnings: WarningRules
  readonly stopsPerHour: number
  /** The longest time without data that a planned stop survives, and the tolerance of clocks meanwhile, ms. */
  readonly hold: { readonly gapMs: number; readonly clockToleranceMs: number }
  /** The switch that pauses all automatic stops. */
  readonly arePaused: boolean
  readonly isDryRun: boolean
}

/** `spacingMs`: how far apart polls are. */
export function policyRulesOf(settings: Settings, spacingMs = 0): PolicyRules {
  return {
    idleAlertAfterMs: settings.idleAlertAfterMin * MINUTE_MS,
    hasIdleAlerts: settings.hasIdleAlerts,
    unknownAlertAfterMs: settings.unknownAlertMin * MINUTE_MS,
    remindersMs: reminderDelaysMs(settings.idleRemindersH),
    autoStopAfterMs: settings.autoStopAfterMin * MINUTE_MS,
    warnings: {
      firstMs: settings.autoStopFirstWarningMin * MINUTE_MS,
      lastMs: settings.autoStopLastWarningMin * MINUTE_MS,
      mayActUndelivered: settings.mayStopUnheard,
    },
    stopsPerHour: settings.autoStopsPerHour,
    hold: withSpacing(activityRulesOf(settings), spacingMs),
    arePaused: settings.areAutoStopsPaused,
    isDryRun: settings.isAutoStopDryRun,
  }
}
