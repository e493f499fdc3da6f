import { app } from 'electron'
import type { AlertPause } from '../../core/alerts/alert-pause'
import { trayModel } from '../../core/view/tray/tray-model'
import type { Snapshot } from '../../core/view/snapshot'
import type { AccountSession } from '../account/account-session-types'
import type { TerminateConfirmation } from '../windows/terminate-confirmation'
import type { AppStore } from '../settings/app-store'
import type { EarlyTray } from './early-tray'
import { runTrayCommand, type TrayDependencies } from './tray-commands'

export interface AppTrayOptions extends Omit<TrayDependencies, 'confirmTerminate' | 'pauseAlerts' | 'quit'> {
  readonly tray: EarlyTray
  readonly session: Pick<AccountSession, 'snapshot' | 'undo'>
  readonly store: Pick<AppStore, 'settings' | 'changeSettings'>
  readonly alertPause: Pick<AlertPause, 'start'>
  readonly confirmation: TerminateConfirmation
  readonly report: (what: string, cause?: unknown) => void
}

/** Connects the tray icon with the app; returns a function that shows a snapshot. */
export function createAppTray(options: AppTrayOptions): (snapshot: Snapshot) => void {
  const { tray, windows, store, alertPause, confirmation } = options
  const dependencies: TrayDependencies = {
    ...options,
    confirmTerminate: (podKey) => confirmation.request(podKey, 'terminate'),
    pauseAlerts: alertPause.start,
    quit: () => app.quit(),
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
