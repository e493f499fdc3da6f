import type { moneySettings } from '../settings/definitions/money-settings'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../base/time/time'
import type { AlertKind } from './alert'
import type { AlertRules } from './alert-plan'
import type { alertSettings } from '../settings/definitions/alert-settings'
import { isInQuietHours } from '../settings/definitions/quiet-hours'
import type { Settings } from '../settings/settings'

type AlertToggle = Extract<keyof typeof alertSettings | keyof typeof moneySettings, `has${string}`>

/**
 * The setting that switches off each kind, including critical alerts. Alerts of kind `app` cannot be switched
 * off.
 */
export const alertToggles: Readonly<Record<Exclude<AlertKind, 'app'>, AlertToggle>> = {
  idle: 'hasIdleAlerts',
  'idle-reminder': 'hasIdleReminders',
  'partly-idle': 'hasPartlyIdleAlerts',
  'activity-unknown': 'hasActivityUnknownAlerts',
  'kept-on': 'hasKeptOnReminders',
  'auto-stop-soon': 'hasAutoStopWarnings',
  'auto-stopped': 'hasAutoStopAlerts',
  'max-hours-soon': 'hasMaxHoursWarnings',
  'service-terminates-soon': 'hasServiceTerminateWarnings',
  'stops-waiting': 'hasWaitingStopAlerts',
  'unable-to-act': 'hasUnableToActAlerts',
  'guard-silent': 'hasGuardSilentAlerts',
  'guard-stopped': 'hasGuardStopAlerts',
  'pod-ready': 'hasReadyAlerts',
  'creating-too-long': 'hasCreatingAlerts',
  'no-container': 'hasNoContainerAlerts',
  'container-died': 'hasContainerDiedAlerts',
  'gpus-missing': 'hasMissingGpuAlerts',
  'disk-full': 'hasDiskAlerts',
  'pod-error': 'hasErrorAlerts',
  'pod-stopped': 'hasOutsideStopAlerts',
  'pod-gone': 'hasGoneAlerts',
  'unrecognized-pods': 'hasUnrecognizedPodAlerts',
  'idle-endpoint': 'hasIdleEndpointAlerts',
  'gpu-free': 'hasGpuFreeAlerts',
  'action-ended': 'hasActionAlerts',
  'job-soon': 'hasJobStartAlerts',
  'job-finished': 'hasJobFinishedAlerts',
  'job-failed': 'hasJobFailedAlerts',
  'job-unreachable': 'hasJobUnreachableAlerts',
  'job-pod': 'hasJobPodAlerts',
  'key-refused': 'hasKeyAlerts',
  unreachable: 'hasUnreachableAlerts',
  'metrics-outage': 'hasMetricsOutageAlerts',
  'host-key-changed': 'hasHostKeyAlerts',
  'command-ended': 'hasCommandAlerts',
  budget: 'hasBudgetAlerts',
  'budget-pace': 'hasPaceAlerts',
  'low-runway': 'hasRunwayAlerts',
  'clean-up': 'hasCleanUpReminders',
  overnight: 'hasOvernightSummary',
}

/** However often its activity becomes unknown, and whatever names the day. */
const ACTIVITY_UNKNOWN_INTERVAL_MS = DAY_MS

/**
 * Minimum interval between two connection alerts, whose episodes another process may have named differently.
 */
const CONNECTION_ALERT_INTERVAL_MS = HOUR_MS
const connectionKinds: readonly AlertKind[] = ['unreachable', 'key-refused', 'metrics-outage']

export function alertRulesOf(settings: Settings, nowMs: number, arePaused: boolean): AlertRules {
  return {
    isOn: (kind) => kind === 'app' || settings[alertToggles[kind]],
    arePaused,
    isQuietHours: isInQuietHours(nowMs, settings),
    minIntervalMs(kind) {
      if (kind === 'idle') return settings.idleAlertEveryMin * MINUTE_MS
      if (kind === 'activity-unknown') return ACTIVITY_UNKNOWN_INTERVAL_MS
      return connectionKinds.includes(kind) ? CONNECTION_ALERT_INTERVAL_MS : 0
    },
  }
}
