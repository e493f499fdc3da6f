import { numberSetting, toggleSetting } from './setting-types'

/** The settings of the guard. See docs/product-rules.md#31-rules. */
export const guardSettings = {
  autoStopAfterMin: numberSetting(
    'auto-stop',
    'Auto-stop after',
    'minutes',
    [360, 0.1, 10_080],
    'Idle the whole time, with memory unchanged and CPU at rest',
    'quiet automatic shutdown idle timeout',
  ),
  autoStopFirstWarningMin: numberSetting(
    'auto-stop',
    'First auto-stop warning',
    'minutes',
    [30, 0.05, 1_440],
    'Before the stop, which waits if the warning can’t be delivered',
    'notification notify',
  ),
  autoStopLastWarningMin: numberSetting(
    'auto-stop',
    'Last auto-stop warning',
    'minutes',
    [5, 0.02, 720],
    'Before the stop, which waits if the warning can’t be delivered',
    'notification notify',
  ),
  autoStopsPerHour: numberSetting(
    'auto-stop',
    'Stop limit',
    'per hour',
    [3, 1, 3],
    'Caps the damage if something goes wrong',
    'maximum automatic stops',
  ),
  areAutoStopsPaused: toggleSetting(
    'safety',
    'Pause auto-stop',
    false,
    'Nothing is stopped automatically; alerts continue',
    'off disable automatic',
  ),
  isAutoStopDryRun: toggleSetting(
    'safety',
    'Dry run',
    false,
    'Warn and record, but don’t stop anything',
    'rehearse test simulate',
  ),
  mayStopUnheard: toggleSetting(
    'safety',
    'Stop without a warning',
    false,
    'Stop a pod even if this computer couldn’t show its warnings',
    'notification delivered unheard',
  ),
} as const
