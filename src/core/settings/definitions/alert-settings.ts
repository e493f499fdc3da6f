import { timeOfDayProblem } from './quiet-hours'
import { computerNameProblem } from '../../base/text/computer-name'
import { reminderProblem } from './reminders'
import { numberSetting, type TextSetting, toggleSetting } from './setting-types'

function time(label: string, help: string): TextSetting {
  return {
    kind: 'text',
    group: 'other-alerts',
    label,
    default: null,
    none: 'None',
    format: 'time-of-day',
    problem: timeOfDayProblem,
    help,
    keywords: 'do not disturb mute silence night notification',
  }
}

const kind = (label: string, help: string, keywords = '') =>
  toggleSetting('alert-kinds', label, true, help, `notification notify alert ${keywords}`)

/** When and which alerts are shown. See docs/product-rules.md#62-delivery. */
export const alertSettings = {
  idleAlertAfterMin: numberSetting(
    'idle-alerts',
    'Idle alert after',
    'minutes',
    [15, 0.05, 10_080],
    'Idle the whole time, as observed',
    'notification notify threshold',
  ),
  idleRemindersH: {
    kind: 'text',
    group: 'idle-alerts',
    label: 'Idle reminders',
    default: null,
    none: '1, 2, 4, 8',
    problem: reminderProblem,
    help: 'After this many hours idle, with the cost so far',
    keywords: 'notification repeat',
  } satisfies TextSetting,
  idleAlertEveryMin: numberSetting(
    'idle-alerts',
    'Pause between idle alerts',
    'minutes',
    [120, 0.05, 10_080],
    'At most one idle alert per pod in this time',
    'notification repeat limit',
  ),
  unknownAlertMin: numberSetting(
    'idle-alerts',
    'Activity unknown after',
    'minutes',
    [60, 0.05, 10_080],
    'No metrics, or none that say what the pod does',
    'notification telemetry figures missing silent',
  ),
  quietHoursFrom: time('Quiet hours start', 'Only critical alerts are shown'),
  quietHoursTo: time('Quiet hours end', 'Other alerts that still apply are shown then'),
  morningSummaryAt: {
    ...time('Morning summary from', 'At the first look after this time, if pods were stopped overnight'),
    none: '08:00',
    keywords: 'notification digest overnight night saved',
  },
  computerName: {
    kind: 'text',
    group: 'other-alerts',
    label: 'Name of this computer',
    default: null,
    none: 'As the system says',
    problem: computerNameProblem,
    help: 'In guards of pods, the activity log and messages to channels',
    keywords: 'host device machine',
  } satisfies TextSetting,
  readsDisks: toggleSetting(
    'other-alerts',
    'Check disk space',
    true,
    'Over SSH, of running pods whose host key you trust, every 10 min',
    'full storage volume df free',
  ),
  creatingTooLongMin: numberSetting(
    'other-alerts',
    'Stuck creating after',
    'minutes',
    [15, 0.05, 1_440],
    'Also for a pod that runs without a container. You may already be paying for it',
    'notification start provisioning boot container',
  ),
  unreachableAlertMin: numberSetting(
    'other-alerts',
    'API unreachable after',
    'minutes',
    [5, 0.05, 1_440],
    'Counted from the first of several failed attempts, not while this computer sleeps',
    'notification offline network outage',
  ),
  hasIdleAlerts: kind('Idle pods', 'A pod has been idle for the time set above'),
  hasIdleReminders: kind('Pods still idle', 'Reminders at the hours set above'),
  hasPartlyIdleAlerts: kind('Partly idle pods', 'Some GPUs of a pod are idle while others work'),
  hasActivityUnknownAlerts: kind(
    'Activity unknown',
    'Once a day: a pod can’t be judged, so its idle rules don’t work',
    'telemetry metrics missing silent',
  ),
  hasKeptOnReminders: kind('Pods kept running', 'A daily reminder of pods that you keep running', 'keep on'),
  hasAutoStopWarnings: kind(
    'Auto-stop warnings',
    'Without a delivered warning nothing is stopped, unless you allow it',
  ),
  hasAutoStopAlerts: kind('Auto-stops', 'A pod was stopped automatically'),
  hasOvernightSummary: kind(
    'Morning summary',
    'How many pods your rules stopped overnight, and what that saved',
    'digest night',
  ),
  hasMaxHoursWarnings: kind('Maximum hours warnings', 'Without a delivered warning nothing is stopped'),
  hasServiceTerminateWarnings: kind(
    'Lab terminations',
    'A lab terminates pods at their maximum hours, whatever you set here',
    'hubify',
  ),
  hasWaitingStopAlerts: kind('Delayed auto-stops', 'More pods are due than the stop limit allows'),
  hasUnableToActAlerts: kind('Failed auto-stops', 'A stop was refused, or failed twice'),
  hasGuardSilentAlerts: kind(
    'Silent pod guards',
    'The guard in a pod no longer runs, so nothing stops the pod while this computer sleeps',
  ),
  hasGuardStopAlerts: kind('Pod guard stops', 'A pod was stopped while its guard could do that'),
  hasReadyAlerts: kind('Pods ready', 'A pod that was created or started has its container and SSH'),
  hasCreatingAlerts: kind('Pods stuck creating', 'For longer than the time set above'),
  hasNoContainerAlerts: kind(
    'Pods without a container',
    'An image pull failed, or a pod that you pay for is not up after the time set above',
    'start pull image stuck',
  ),
  hasContainerDiedAlerts: kind(
    'Containers that died',
    'A pod runs and costs money, but its container ended or keeps ending',
    'crash loop exited',
  ),
  hasMissingGpuAlerts: kind('Too few GPUs', 'A pod came back with fewer GPUs than before', 'zero'),
  hasDiskAlerts: kind(
    'Full disks',
    'A disk of a pod is 85% or 95% full, or will be full within 3 h',
    'space storage',
  ),
  hasErrorAlerts: kind('Pod errors', 'With the reason, if one is given'),
  hasOutsideStopAlerts: kind(
    'Pods stopped elsewhere',
    'A running pod was stopped, and not by Podkeeper on this computer',
    'interrupted spot maintenance balance',
  ),
  hasGoneAlerts: kind(
    'Pods gone',
    'Someone may have terminated them, they may have been outbid, or the balance ran out',
    'terminated spot',
  ),
  hasUnrecognizedPodAlerts: kind(
    'Pods created elsewhere',
    'A pod appeared that Podkeeper here didn’t create. Each account has its own switch',
    'unrecognized unknown new leaked key teammate',
  ),
  hasIdleEndpointAlerts: kind(
    'Idle serverless workers',
    'An endpoint keeps workers that got no request for an hour. Each account has its own switch',
    'serverless endpoint minimum active workers idle',
  ),
  hasGpuFreeAlerts: kind('GPU available', 'A pod that waited for a GPU has started'),
  hasJobStartAlerts: kind(
    'Automatic job starts',
    'A minute before, so that you can skip it',
    'queue schedule',
  ),
  hasJobFinishedAlerts: kind('Jobs finished', 'A job of the queue passed, with its last lines', 'queue'),
  hasJobFailedAlerts: kind('Jobs failed', 'A job of the queue failed, with its last lines', 'queue'),
  hasJobUnreachableAlerts: kind(
    'Jobs without a connection',
    'For 30 min, after which a job no longer holds auto-stop',
    'queue unknown',
  ),
  hasJobPodAlerts: kind(
    'Pods of jobs',
    'A pod keeps running although its job was given up, or its results are not here',
    'queue results stop',
  ),
  hasActionAlerts: kind('Failed actions', 'A stop, start, restart or terminate failed or timed out'),
  hasKeyAlerts: kind('Rejected API key', 'Podkeeper can’t watch or stop anything until you replace it'),
  hasUnreachableAlerts: kind('API unreachable', 'For longer than the time set above', 'offline network'),
  hasMetricsOutageAlerts: kind(
    'Metrics outage',
    'Several pods lost their metrics and ports at the same time',
    'telemetry',
  ),
  hasHostKeyAlerts: kind(
    'Changed host keys',
    'A pod has a different SSH key: after a restart, or because someone intercepts it',
  ),
  hasCommandAlerts: kind(
    'Long commands ended',
    'One that took over 30 s in a terminal that you can’t see',
    'terminal shell prompt finished',
  ),
} as const
