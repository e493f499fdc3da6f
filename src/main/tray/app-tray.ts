import { app } from 'electron'
import type { AlertPause } from '../../core/alerts/alert-pause'
import { type TrayModel, trayModel } from '../../core/view/tray/tray-model'
import type { Snapshot } from '../../core/view/snapshot'
import type { AccountSession } from '../account/account-session-types'
import type { TerminateConfirmation } from '../windows/terminate-confirmation'
import type { AppStore } from '../settings/app-store'
import { createResilientTray } from './resilient-tray'
import { createTray } from './tray'
import { runTrayCommand, type TrayDependencies } from './tray-commands'
import type { TrayHost } from './tray-host'

export interface AppTrayOptions extends Pick<
  TrayDependencies,
  'windows' | 'podRequests' | 'showPod' | 'openTerminal' | 'runJob' | 'resumeAlerts' | 'notifyFailure'
> {
  readonly trayHost: TrayHost
  readonly session: Pick<AccountSession, 'snapshot' | 'withPod' | 'undo'>
  readonly store: Pick<AppStore, 'settings' | 'changeSettings'>
  readonly alertPause: Pick<AlertPause, 'start'>
  readonly confirmation: TerminateConfirmation
}

/** The tray icon on any tray host; returns a function that shows a snapshot. */
export function createAppTray(options: AppTrayOptions): (snapshot: Snapshot) => void {
  const { trayHost, windows, session, store, alertPause, confirmation } = options
  const dependencies: TrayDependencies = {
    session,
    podRequests: options.podRequests,
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
  const toModel = (snapshot: Snapshot): TrayModel => trayModel(snapshot, store.settings().trayTitle)
  const tray = createResilientTray(toModel(session.snapshot()), (model) =>
    createTray(model, {
      onCommand: (command) => void runTrayCommand(command, dependencies),
      onClick: (bounds) => windows.showPopover(bounds),
    }),
  )
  trayHost.onChange(tray.useHost)
  const host = trayHost.name()
  if (host !== null) tray.useHost(host)
  return (snapshot) => tray.show(toModel(snapshot))
}
