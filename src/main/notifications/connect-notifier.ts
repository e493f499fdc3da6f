import type { Clock } from '../../core/base/clock'
import type { AccountSession } from '../account/account-session'
import type { Windows } from '../windows/windows'
import { handleAlertButton } from './alert-button'
import { createNotifyFailure, type NotifyFailure } from './notify-failure'
import type { SystemNotifier } from './system-notifier'

export interface ConnectNotifierOptions {
  readonly notifier: SystemNotifier
  readonly session: Pick<AccountSession, 'withMonitor' | 'snapshot'>
  readonly windows: Pick<Windows, 'showPopover' | 'send'>
  readonly clock: Clock
}

export interface NotifierActions {
  readonly showPod: (podId: string | null) => void
  readonly notifyFailure: NotifyFailure
}

/** Does what is clicked and pressed on notifications; returns what other parts do in the same way. */
export function connectNotifier(options: ConnectNotifierOptions): NotifierActions {
  const { notifier, session, windows, clock } = options
  const notifyFailure = createNotifyFailure(notifier, session, clock)
  function showPod(podId: string | null): void {
    windows.showPopover()
    if (podId !== null) windows.send('showPod', podId)
  }
  notifier.onClick(({ podId }) => showPod(podId))
  notifier.onPress((key, button) => handleAlertButton(session, key, button, { showPod, notifyFailure }))
  return { showPod, notifyFailure }
}
