import type { AlertButton, AlertKey } from '../../core/alerts/alert'
import { createListeners } from '../../core/base/listeners'
import { sessionBusAddress } from '../tray/tray-host-watcher'
import { createBusChannel } from './bus-channel'
import { createElectronChannel } from './electron-channel'
import { createElectronNotifications } from './electron-notifications'
import { createNotifier, type NativeNotifier } from './notifier'
import { createProgramChannel } from './program-channel'

export interface SystemNotifier extends NativeNotifier {
  readonly onClick: (listener: (key: AlertKey) => void) => () => void
  readonly onPress: (listener: (key: AlertKey, button: AlertButton) => void) => () => void
}

/**
 * Notifications of this system: with buttons where possible, otherwise without, otherwise through another
 * program.
 */
export function createSystemNotifier(report: (what: string, cause?: unknown) => void): SystemNotifier {
  const { platform } = process
  const clicks = createListeners<[AlertKey]>()
  const presses = createListeners<[AlertKey, AlertButton]>()
  const electron = createElectronChannel({
    notifications: createElectronNotifications(),
    platform,
    report,
  })
  const bus = { busAddress: sessionBusAddress(process.env), report }
  const notifier = createNotifier({
    channels: [...(platform === 'linux' ? [createBusChannel(bus)] : []), electron, createProgramChannel()],
    onClick: clicks.notify,
    onPress: presses.notify,
  })
  return { ...notifier, onClick: clicks.add, onPress: presses.add }
}
