import type { Clock } from '../../core/base/time/clock'
import { parsePodKey } from '../../core/pods/pod'
import type { Handlers } from '../../shared/ipc'
import type { LogRequests } from '../../shared/requests/pod/log-requests'
import type { AccountSession } from '../account/account-session-types'
import type { FileDialogs } from '../ipc/file-dialogs'
import type { Windows } from '../windows/windows'
import { createLogFiles } from './log-files'
import { createLogHandlers } from './log-handlers'
import { createLogViews } from './log-views'

export interface AppLogsOptions {
  readonly clock: Clock
  readonly session: Pick<AccountSession, 'provider' | 'snapshot'>
  readonly dialogs: Pick<FileDialogs, 'chooseLogPath'>
  readonly windows: Pick<Windows, 'sendLog' | 'onMainLost'>
}

/** The logs that the main window shows and saves, for as long as it is there. */
export function createAppLogs({
  clock,
  session,
  dialogs,
  windows,
}: AppLogsOptions): Pick<Handlers, keyof LogRequests> {
  const views = createLogViews({
    clock,
    random: Math.random,
    provider: (accountId) => session.provider(accountId),
    send: windows.sendLog,
  })
  const files = createLogFiles(dialogs.chooseLogPath, () => clock.now().wallMs)
  windows.onMainLost(() => {
    views.closeAll()
    files.close()
  })
  return createLogHandlers(
    views,
    files,
    (podKey) => session.snapshot().pods.find(({ key }) => key === podKey)?.name ?? parsePodKey(podKey).podId,
  )
}
