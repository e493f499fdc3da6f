/** A setting of a lab and its new value. */
export const labSettingText = {
  idleAlert: (minutes: number) => `idle alert after ${minutes} min`,
  autoSchedule: (isOn: boolean) => `auto-schedule ${isOn ? 'on' : 'off'}`,
} as const
