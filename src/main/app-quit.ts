import { app } from 'electron'
import type { AccountParts } from './account/session/open-account'
import type { Log } from './lifecycle/log'
import { createQuit, type Quit } from './lifecycle/quit'
import { showQuitDialog } from './lifecycle/quit-dialog'
import type { Transfers } from './files/transfers'
import type { Ports } from './ports/ports'
import type { AppPodsApi } from './pods-api/app-pods-api'
import type { Terminals } from './terminals/terminals-types'
import type { PromptWindow } from './windows/prompt-window'
import type { Windows } from './windows/windows'

export interface AppQuitOptions extends Pick<AccountParts, 'session' | 'folderHost'> {
  readonly windows: Pick<Windows, 'prepareToQuit'>
  readonly promptWindow: Pick<PromptWindow, 'prepareToQuit'>
  readonly podsApi: Pick<AppPodsApi, 'close'>
  readonly terminals: Pick<Terminals, 'shells' | 'dispose'>
  readonly ports: Pick<Ports, 'dispose'>
  readonly transfers: Pick<Transfers, 'openPodNames' | 'dispose'>
  readonly log: Log
}

/** The single way to quit, and the order in which parts are closed. */
export function createAppQuit(options: AppQuitOptions): Quit {
  const { session, folderHost, windows, promptWindow, podsApi, terminals, ports, transfers, log } = options
  return createQuit({
    snapshot: session.snapshot,
    shells: () => terminals.shells(),
    transfers: () => transfers.openPodNames(),
    confirm: showQuitDialog,
    shutDown: async () =>
      void (await Promise.all([podsApi.close(), folderHost.shutDown(), session.shutDown()])),
    close() {
      void podsApi.close()
      windows.prepareToQuit()
      promptWindow.prepareToQuit()
      terminals.dispose()
      ports.dispose()
      transfers.dispose()
      session.dispose()
      folderHost.dispose()
      log.close()
    },
    exit: () => app.exit(0),
    report: log.warn,
  })
}
