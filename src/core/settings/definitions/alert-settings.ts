import { timeOfDayProblem } from './quiet-hours'
import { numberSetting, type TextSetting, toggleSetting } from './setting-types'

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

/** When and which alerts are shown. See docs/product-rules.md#62-delivery. */
export const alertSettings = {
  creatingTooLongMin: numberSetting(
    'alerts',
    'A pod creates too long after',
    'minutes',
    [15, 0.05, 1_440],
    'Perhaps it is paid for by then, and surely it is of no use.',
  ),
  unreachableAlertMin: numberSetting(
    'alerts',
    'Runpod counts as unreachable after',
    'minutes',
    [5, 0.05, 1_440],
    'Of failed tries in a row. A sleep of this computer does not count.',
  ),
  quietHoursFrom: time('Quiet hours begin at', 'Such as 22:00. Only critical alerts are shown in them.'),
  quietHoursTo: time('Quiet hours end at', 'Such as 07:00. What still holds then is shown.'),
  hasIdleAlerts: toggleSetting(
    'alert-kinds',
    'Idle pods',
    true,
    'A pod has been idle for as long as you set.',
  ),
  hasIdleReminders: toggleSetting(
    'alert-kinds',
    'Reminders of idle pods',
    true,
    'It still is, after 1, 2, 4 and 8 hours.',
  ),
  hasPartlyIdleAlerts: toggleSetting(
    'alert-kinds',
    'Partly idle pods',
    true,
    'Some GPUs of a pod work and others do not.',
  ),
  hasKeptOnReminders: toggleSetting(
    'alert-kinds',
    'Pods kept on',
    true,
    'A daily reminder of what is kept on until you say.',
  ),
  hasAutoStopWarnings: toggleSetting(
    'alert-kinds',
    'Automatic stops ahead',
    true,
    'While off, no warning is delivered, and so nothing is stopped unless you allow it unheard.',
  ),
  hasAutoStopAlerts: toggleSetting(
    'alert-kinds',
    'Automatic stops',
    true,
    'A pod was stopped automatically.',
  ),
  hasMaxHoursWarnings: toggleSetting(
    'alert-kinds',
    'Maximum hours ahead',
    true,
    'As with automatic stops: no warning, no stop.',
  ),
  hasServiceTerminateWarnings: toggleSetting(
    'alert-kinds',
    'Terminates by a lab ahead',
    true,
    'A lab terminates a pod at its maximum runtime, whatever is set here.',
  ),
  hasWaitingStopAlerts: toggleSetting(
    'alert-kinds',
    'Automatic stops that wait',
    true,
    'More pods are due to stop than the limit per hour allows.',
  ),
  hasUnableToActAlerts: toggleSetting(
    'alert-kinds',
    'Automatic stops that fail',
    true,
    'A rule cannot act: Runpod refused it, or it failed twice.',
  ),
  hasReadyAlerts: toggleSetting(
    'alert-kinds',
    'Pods that are ready',
    true,
    'A pod was created or started, and runs.',
  ),
  hasCreatingAlerts: toggleSetting('alert-kinds', 'Pods that create too long', true, 'As long as set above.'),
  hasErrorAlerts: toggleSetting(
    'alert-kinds',
    'Pods with an error',
    true,
    'With Runpod’s reason, where it gives one.',
  ),
  hasGoneAlerts: toggleSetting(
    'alert-kinds',
    'Pods that are gone',
    true,
    'Terminated by someone else, perhaps, or outbid.',
  ),
  hasGpuFreeAlerts: toggleSetting(
    'alert-kinds',
    'A GPU is free',
    true,
    'A pod that waited for a GPU was started.',
  ),
  hasActionAlerts: toggleSetting(
    'alert-kinds',
    'Actions that came to nothing',
    true,
    'One failed, or did not happen in time.',
  ),
  hasKeyAlerts: toggleSetting(
    'alert-kinds',
    'A refused key',
    true,
    'Podkeeper sees nothing then, and can stop nothing.',
  ),
  hasUnreachableAlerts: toggleSetting('alert-kinds', 'Runpod unreachable', true, 'As long as set above.'),
  hasHostKeyAlerts: toggleSetting(
    'alert-kinds',
    'Changed host keys',
    true,
    'A pod answers a terminal with another key than before: a restart, perhaps, or somebody in between.',
  ),
} as const
