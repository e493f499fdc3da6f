import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { computerCheckText } from '../../core/doctor/computer-check-text'
import type { DoctorLine } from '../../core/doctor/doctor-line'

/** Whether notifications of the command line can be shown. None is shown for that. */
export function notificationsLine(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): DoctorLine {
  const line = (verdict: DoctorLine['verdict'], text: string): DoctorLine => ({
    id: 'notifications',
    verdict,
    text,
  })
  if (platform !== 'linux') return line('not-checked', computerCheckText.notificationsUnknown)
  const hasSession =
    Boolean(env['DISPLAY'] ?? env['WAYLAND_DISPLAY']) && Boolean(env['DBUS_SESSION_BUS_ADDRESS'])
  if (!hasSession) return line('not-checked', computerCheckText.noNotificationProgram)
  return hasProgram('notify-send', env['PATH'] ?? '')
    ? line('ok', computerCheckText.notificationsShown)
    : line('warning', computerCheckText.notificationsMissing)
}

function hasProgram(name: string, path: string): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return folder !== ''
    } catch {
      return false
    }
  })
}
