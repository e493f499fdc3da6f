import { app } from 'electron'
import type { AlertPause } from '../../core/alerts/alert-pause'
import { trayModel } from '../../core/view/tray/tray-model'
import type { Snapshot } from '../../core/view/snapshot'
import type { AccountSession } from '../account/account-session-types'
import type { TerminateConfirmation } from '../windows/terminate-confirmation'
import type { AppStore } from '../settings/app-store'
import type { EarlyTray } from './early-tray'
import { runTrayCommand, type TrayDependencies } from './tray-commands'

export interface AppTrayOptions extends Pick<
  TrayDependencies,
  | 'windows'
  | 'podRequests'
  | 'stopIdle'
  | 'showPod'
  | 'openTerminal'
  | 'runJob'
  | 'resumeAlerts'
  | 'notifyFailure'
> {
  readonly tray: EarlyTray
  readonly session: Pick<AccountSession, 'snapshot' | 'undo'>
  readonly store: Pick<AppStore, 'settings' | 'changeSettings'>
  readonly alertPause: Pick<AlertPause, 'start'>
  readonly confirmation: TerminateConfirmation
  readonly report: (what: string, cause?: unknown) => void
}

/** Connects the tray icon with the app; returns a function that shows a snapshot. */
export function createAppTray(options: AppTrayOptions): (snapshot: Snapshot) => void {
  const { tray, windows, session, store, alertPause, confirmation } = options
  const dependencies: TrayDependencies = {
    session,
    podRequests: options.podRequests,
    stopIdle: options.stopIdle,
    store,
    windows,
    showPod: options.showPod,
    confirmTerminate: (podKey) => confirmation.request(podKey, 'terminate'),
    openTerminal: options.openTerminal,
    runJob: options.runJob,
    pauseAlerts: alertPause.start,
    resumeAlerts: options.resumeAlerts,
    quit: () => app.quit(),
    notifyFailure: options.notifyFailure,
  }
  tray.connect(
    {
      onCommand: (command) => void runTrayCommand(command, dependencies),
      onClick: (bounds) => windows.showPopover(bounds),
    },
    options.report,
  )
  return (snapshot) => tray.show(trayModel(snapshot, store.settings().trayTitle))
}
