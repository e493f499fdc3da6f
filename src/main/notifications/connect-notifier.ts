import type { AlertKey, Notifier } from '../../core/alerts/alert'
import type { Result } from '../../core/base/result'
import type { Queue } from '../../core/queue/queue'
import type { Clock } from '../../core/base/time/clock'
import type { AccountSession } from '../account/account-session-types'
import type { PodRequests } from '../account/requests/pod-requests'
import type { Windows } from '../windows/windows'
import { parsePodKey, type PodKey } from '../../core/pods/pod'
import { handleAlertButton, podKeyOfAlert } from './alert-button'
import { notificationText } from './notification-text'
import type { SystemNotifier } from './system-notifier'

export interface ConnectNotifierOptions {
  readonly notifier: SystemNotifier
  readonly session: Pick<AccountSession, 'withMonitor'>
  readonly queue: () => Queue
  readonly podRequests: Pick<PodRequests, 'confirmStop'>
  readonly windows: Pick<Windows, 'showPopover' | 'showMain'>
  /** Shows the terminal that an alert is about; false if there is none. */
  readonly showTerminalOf: (key: AlertKey) => boolean
  readonly clock: Clock
}

export interface NotifierActions {
  readonly showPod: (podKey: PodKey | null) => void
  readonly notifyFailure: NotifyFailure
}

/** Handles clicks and pressed buttons of notifications; returns functions that other parts reuse. */
export function connectNotifier(options: ConnectNotifierOptions): NotifierActions {
  const { notifier, session, podRequests, windows, clock } = options
  const notifyFailure = createNotifyFailure(notifier, clock)
  function showPod(podKey: PodKey | null): void {
    if (podKey === null) windows.showPopover()
    else windows.showMain('pod', podKey)
  }
  notifier.onClick((key) => {
    if (isAboutLeftovers(key)) windows.showMain('clean-up', null)
    else if (!options.showTerminalOf(key)) showPod(podKeyOfAlert(key))
  })
  notifier.onPress(
    (key, button) =>
      void handleAlertButton(session, options.queue(), key, button, {
        confirmStop: podRequests.confirmStop,
        showPod,
        notifyFailure,
      }),
  )
  return { showPod, notifyFailure }
}

/** The weekly and the monthly reminder. */
const isAboutLeftovers = ({ kind, podId, episode }: AlertKey): boolean =>
  kind === 'clean-up' || (kind === 'idle-reminder' && podId === null && episode.startsWith('unused/'))

type NotifyFailure = (result: Result<void, string>, podKey: PodKey | null) => void

/** Shows a failure as a notification where there is no other place for it: menus and notification buttons. */
function createNotifyFailure(notifier: Notifier, clock: Pick<Clock, 'now'>): NotifyFailure {
  return (result, podKey) => {
    if (result.ok) return
    const pod = podKey === null ? { accountId: '', podId: null } : parsePodKey(podKey)
    const key = { kind: 'app', ...pod, episode: String(clock.now().wallMs) } as const
    void notifier.show({
      key,
      title: notificationText.nothingDone,
      body: result.error,
      isCritical: false,
      buttons: [],
    })
  }
}
