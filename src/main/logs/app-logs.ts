import { ok } from '../../core/base/result'
import type { Clock } from '../../core/base/time/clock'
import { parsePodKey, type PodKey } from '../../core/pods/pod'
import type { HandlersOf } from '../../shared/ipc'
import type { LogRequests } from '../../shared/requests/pod/log-requests'
import type { AccountSession } from '../account/account-session-types'
import type { FileDialogs } from '../ipc/file-dialogs'
import type { Windows } from '../windows/windows'
import { createLogFiles } from './log-files'
import { createLogViews } from './log-views'

export interface AppLogsOptions {
  readonly clock: Clock
  readonly session: Pick<AccountSession, 'provider' | 'snapshot'>
  readonly dialogs: Pick<FileDialogs, 'chooseLogPath'>
  readonly windows: Pick<Windows, 'sendLog' | 'onMainLost'>
}

/** The logs that the main window shows and saves, for as long as it is there. */
export function createAppLogs({ clock, session, dialogs, windows }: AppLogsOptions): HandlersOf<LogRequests> {
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
  const podName = (podKey: PodKey): string =>
    session.snapshot().pods.find(({ key }) => key === podKey)?.name ?? parsePodKey(podKey).podId
  return {
    openLog: (podKey, after) => views.open(podKey, after),
    closeLog: (viewId) => ok(views.close(viewId)),
    ackLog: (viewId, lines) => ok(views.ack(viewId, lines)),
    chooseLogFile: (podKey) => files.choose(podName(podKey)),
    appendToLogFile: (fileId, text) => files.append(fileId, text),
    finishLogFile: (fileId, isComplete) => files.finish(fileId, isComplete),
  }
}
