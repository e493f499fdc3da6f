import type { moneySettings } from '../settings/definitions/money-settings'
import type { AlertKind } from './alert'
import type { alertSettings } from '../settings/definitions/alert-settings'

type AlertToggle = Extract<keyof typeof alertSettings | keyof typeof moneySettings, `has${string}`>

/**
 * The setting that switches off each kind, including critical alerts. Alerts of kind `app` cannot be switched
 * off.
 */
export const alertToggles: Readonly<Record<Exclude<AlertKind, 'app'>, AlertToggle>> = {
  idle: 'hasIdleAlerts',
  'idle-reminder': 'hasIdleReminders',
  'partly-idle': 'hasPartlyIdleAlerts',
  'kept-on': 'hasKeptOnReminders',
  'auto-stop-soon': 'hasAutoStopWarnings',
  'auto-stopped': 'hasAutoStopAlerts',
  'max-hours-soon': 'hasMaxHoursWarnings',
  'stops-waiting': 'hasWaitingStopAlerts',
  'unable-to-act': 'hasUnableToActAlerts',
  'pod-ready': 'hasReadyAlerts',
  'creating-too-long': 'hasCreatingAlerts',
  'pod-error': 'hasErrorAlerts',
  'pod-gone': 'hasGoneAlerts',
  'gpu-free': 'hasGpuFreeAlerts',
  'action-ended': 'hasActionAlerts',
  'key-refused': 'hasKeyAlerts',
  unreachable: 'hasUnreachableAlerts',
  'host-key-changed': 'hasHostKeyAlerts',
  budget: 'hasBudgetAlerts',
  'budget-pace': 'hasPaceAlerts',
  'low-runway': 'hasRunwayAlerts',
}
