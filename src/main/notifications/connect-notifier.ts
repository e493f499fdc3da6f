import type { Clock } from '../../core/base/clock'
import type { AccountSession } from '../account/account-session-types'
import type { PodRequests } from '../account/pod-requests'
import type { Windows } from '../windows/windows'
import { handleAlertButton } from './alert-button'
import { createNotifyFailure, type NotifyFailure } from './notify-failure'
import type { SystemNotifier } from './system-notifier'

export interface ConnectNotifierOptions {
  readonly notifier: SystemNotifier
  readonly session: Pick<AccountSession, 'withMonitor' | 'snapshot'>
  readonly podRequests: Pick<PodRequests, 'confirmStop'>
  readonly windows: Pick<Windows, 'showPopover' | 'send'>
  readonly clock: Clock
}

export interface NotifierActions {
  readonly showPod: (podId: string | null) => void
  readonly notifyFailure: NotifyFailure
}

/** Handles clicks and pressed buttons of notifications; returns functions that other parts reuse. */
export function connectNotifier(options: ConnectNotifierOptions): NotifierActions {
  const { notifier, session, podRequests, windows, clock } = options
  const notifyFailure = createNotifyFailure(notifier, session, clock)
  function showPod(podId: string | null): void {
    windows.showPopover()
    if (podId !== null) windows.send('showPod', podId)
  }
  notifier.onClick(({ podId }) => showPod(podId))
  notifier.onPress(
    (key, button) =>
      void handleAlertButton(session, key, button, {
        confirmStop: podRequests.confirmStop,
        showPod,
        notifyFailure,
      }),
  )
  return { showPod, notifyFailure }
}
