import type { moneySettings } from '../settings/definitions/money-settings'
import type { AlertKind } from './alert'
import type { alertSettings } from '../settings/definitions/alert-settings'

type Switch = Extract<keyof typeof alertSettings | keyof typeof moneySettings, `has${string}`>

/** By what setting a kind is switched off, a critical one too. What Podkeeper says of itself has none. */
export const alertSwitches: Readonly<Record<Exclude<AlertKind, 'app'>, Switch>> = {
  idle: 'hasIdleAlerts',
  'idle-reminder': 'hasIdleReminders',
  'partly-idle': 'hasPartlyIdleAlerts',
  'kept-on': 'hasKeptOnReminders',
  'auto-stop-soon': 'hasAutoStopWarnings',
  'auto-stopped': 'hasAutoStopAlerts',
  'max-hours-soon': 'hasMaxHoursWarnings',
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
