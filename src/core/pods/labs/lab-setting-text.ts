import type { LabSettings } from '../provider'

/** Settings of a lab and their new values, one text each. */
export const labSettingTexts = ({ idleAlertMinutes, isAutoScheduled }: LabSettings): readonly string[] => [
  ...(idleAlertMinutes === undefined ? [] : [`idle alert after ${idleAlertMinutes} min`]),
  ...(isAutoScheduled === undefined ? [] : [`auto-schedule ${isAutoScheduled ? 'on' : 'off'}`]),
]
