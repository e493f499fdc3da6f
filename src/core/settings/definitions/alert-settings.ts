import { timeOfDayProblem } from './quiet-hours'
import type { NumberSetting, TextSetting, ToggleSetting } from './setting-types'

function number(
  label: string,
  [value, min, max]: readonly [value: number, min: number, max: number],
  help: string,
): NumberSetting {
  return { kind: 'number', group: 'alerts', unit: 'minutes', label, default: value, min, max, help }
}

function time(label: string, help: string): TextSetting {
  return {
    kind: 'text',
    group: 'alerts',
    label,
    default: null,
    none: 'None',
    isTime: true,
    problem: timeOfDayProblem,
    help,
  }
}

function toggleSetting(label: string, help: string): ToggleSetting {
  return { kind: 'toggle', group: 'alert-kinds', label, default: true, help }
}

/** When and which alerts are shown. See docs/product-rules.md#62-delivery. */
export const alertSettings = {
  creatingTooLongMin: number(
    'A pod creates too long after',
    [15, 0.05, 1_440],
    'Perhaps it is paid for by then, and surely it is of no use.',
  ),
  unreachableAlertMin: number(
    'Runpod counts as unreachable after',
    [5, 0.05, 1_440],
    'Of failed tries in a row. A sleep of this computer does not count.',
  ),
  quietHoursFrom: time('Quiet hours begin at', 'Such as 22:00. Only critical alerts are shown in them.'),
  quietHoursTo: time('Quiet hours end at', 'Such as 07:00. What still holds then is shown.'),
  hasIdleAlerts: toggleSetting('Idle pods', 'A pod has been idle for as long as you set.'),
  hasIdleReminders: toggleSetting('Reminders of idle pods', 'It still is, after 1, 2, 4 and 8 hours.'),
  hasPartlyIdleAlerts: toggleSetting('Partly idle pods', 'Some GPUs of a pod work and others do not.'),
  hasKeptOnReminders: toggleSetting('Pods kept on', 'A daily reminder of what is kept on until you say.'),
  hasAutoStopWarnings: toggleSetting(
    'Automatic stops ahead',
    'While off, no warning is delivered, and so nothing is stopped unless you allow it unheard.',
  ),
  hasAutoStopAlerts: toggleSetting('Automatic stops', 'A pod was stopped automatically.'),
  hasMaxHoursWarnings: toggleSetting('Maximum hours ahead', 'As with automatic stops: no warning, no stop.'),
  hasReadyAlerts: toggleSetting('Pods that are ready', 'A pod was created or started, and runs.'),
  hasCreatingAlerts: toggleSetting('Pods that create too long', 'As long as set above.'),
  hasErrorAlerts: toggleSetting('Pods with an error', 'With Runpod’s reason, where it gives one.'),
  hasGoneAlerts: toggleSetting('Pods that are gone', 'Terminated by someone else, perhaps, or outbid.'),
  hasGpuFreeAlerts: toggleSetting('A GPU is free', 'A pod that waited for a GPU was started.'),
  hasActionAlerts: toggleSetting('Actions that came to nothing', 'One failed, or did not happen in time.'),
  hasKeyAlerts: toggleSetting('A refused key', 'Podkeeper sees nothing then, and can stop nothing.'),
  hasUnreachableAlerts: toggleSetting('Runpod unreachable', 'As long as set above.'),
  hasHostKeyAlerts: toggleSetting(
    'Changed host keys',
    'A pod answers a terminal with another key than before: a restart, perhaps, or somebody in between.',
  ),
} as const
