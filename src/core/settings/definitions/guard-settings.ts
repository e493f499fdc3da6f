import { reminderProblem } from './reminders'
import { numberSetting, type TextSetting, toggleSetting } from './setting-types'

/** The settings of the guard. See docs/product-rules.md#31-rules. */
export const guardSettings = {
  idleRemindersH: {
    kind: 'text',
    group: 'alerts',
    label: 'Remind me of an idle pod after',
    default: null,
    none: '1, 2, 4, 8',
    problem: reminderProblem,
    help: 'Hours of observed idleness, each with what it has cost so far.',
  } satisfies TextSetting,
  autoStopAfterMin: numberSetting(
    'auto-stop',
    'Stop a quiet pod after',
    'minutes',
    [360, 0.1, 10_080],
    'Only pods that you ticked, and only after both warnings. Quiet is stricter than idle.',
  ),
  autoStopFirstWarningMin: numberSetting(
    'auto-stop',
    'Warn me before a stop',
    'minutes',
    [30, 0.05, 1_440],
    'The first of two warnings. One that cannot be delivered postpones the stop.',
  ),
  autoStopLastWarningMin: numberSetting(
    'auto-stop',
    'Warn me once more before a stop',
    'minutes',
    [5, 0.02, 720],
    'The last warning before an automatic stop.',
  ),
  autoStopsPerHour: numberSetting(
    'auto-stop',
    'Automatic stops in an hour, at most',
    'stops',
    [3, 1, 3],
    'Should something be badly wrong, it stays small.',
  ),
  areAutoStopsPaused: toggleSetting(
    'auto-stop',
    'Pause all automatic stops',
    false,
    'Nothing is stopped by itself until you turn this off; alerts go on.',
  ),
  isAutoStopDryRun: toggleSetting(
    'auto-stop',
    'Only rehearse automatic stops',
    false,
    'Podkeeper warns and writes down what it would have stopped, and stops nothing.',
  ),
  mayStopUnheard: toggleSetting(
    'auto-stop',
    'Stop even when no warning could be shown',
    false,
    'Otherwise a warning that this computer could not show postpones the stop.',
  ),
} as const
