import { sessionBusAddress } from '../tray/tray-host-watcher'
import { createBusChannel } from './bus-channel'
import { createElectronChannel } from './electron-channel'
import { createElectronNotifications } from './electron-notifications'
import { createNotifier, type NativeNotifier, type NotifierOptions } from './notifier'
import { createProgramChannel } from './program-channel'

/**
 * Notifications of this system: with buttons where possible, otherwise without, otherwise through another
 * program.
 */
export function createSystemNotifier(
  options: Omit<NotifierOptions, 'channels'>,
  report: (what: string, cause?: unknown) => void,
): NativeNotifier {
  const { platform } = process
  const electron = createElectronChannel({
    notifications: createElectronNotifications(),
    platform,
    report,
  })
  const bus = { busAddress: sessionBusAddress(process.env), report }
  return createNotifier({
    ...options,
    channels: [...(platform === 'linux' ? [createBusChannel(bus)] : []), electron, createProgramChannel()],
  })
}
