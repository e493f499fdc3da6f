import { ok } from '../../core/base/result'
import type { PodKey } from '../../core/pods/pod'
import type { Handlers } from '../../shared/ipc'
import type { LogRequests } from '../../shared/requests/pod/log-requests'
import { toRequestError } from '../ipc/to-request-error'
import type { LogFiles } from './log-files'
import type { LogViews } from './log-views'

export function createLogHandlers(
  views: LogViews,
  files: LogFiles,
  podName: (podKey: PodKey) => string,
): Pick<Handlers, keyof LogRequests> {
  return {
    openLog: (podKey, after) => toRequestError(views.open(podKey, after)),
    closeLog: (viewId) => ok(views.close(viewId)),
    ackLog: (viewId, lines) => ok(views.ack(viewId, lines)),
    chooseLogFile: async (podKey) => toRequestError(await files.choose(podName(podKey))),
    appendToLogFile: (fileId, text) => toRequestError(files.append(fileId, text)),
    finishLogFile: (fileId, isComplete) => toRequestError(files.finish(fileId, isComplete)),
  }
}
