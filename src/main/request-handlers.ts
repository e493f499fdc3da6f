import { fail, ok } from '../core/base/result'
import type { Handlers, PageName } from '../shared/ipc'
import { toRequestError } from './ipc/to-request-error'
import type { AccountSession } from './account/account-session'
import type { SettingsHandlers } from './settings/settings-handlers'
import type { TerminalRequestName } from './terminals/terminal-handlers'

/** The pages of Runpod that may be opened in the browser. */
const pages = {
  console: 'https://console.runpod.io/pods',
  'api-keys': 'https://console.runpod.io/user/settings',
} as const

export function createHandlers(
  session: AccountSession,
  settingsHandlers: SettingsHandlers,
  openWindow: (page: PageName, about: string | null) => void,
  openInBrowser: (url: string) => Promise<void>,
  others: Pick<
    Handlers,
    | 'pauseAlerts'
    | 'resumeAlerts'
    | 'copyDiagnostics'
    | 'hidePopover'
    | 'activity'
    | 'exportCosts'
    | 'sendTestNotification'
    | 'askTerminate'
    | 'askTerminateAtMaxHours'
    | TerminalRequestName
  >,
): Handlers {
  return {
    ...others,
    ...settingsHandlers,
    snapshot: () => ok(session.snapshot()),
    history: (podIds) => ok(session.histories(podIds)),
    costs(month) {
      const costs = session.costs(month)
      return costs === null ? fail({ message: 'No account is connected.' }) : ok(costs)
    },
    refresh: () => ok(session.refresh()),
    stopPod: (podId) => toRequestError(session.withMonitor((monitor) => monitor.act(podId, 'stop'))),
    startPod: (podId) => toRequestError(session.withMonitor((monitor) => monitor.act(podId, 'start'))),
    restartPod: (podId) => toRequestError(session.withMonitor((monitor) => monitor.act(podId, 'restart'))),
    startWhenFree: (podId) => toRequestError(session.withMonitor((monitor) => monitor.waitForGpu(podId))),
    keepOn: (podId, choice) =>
      toRequestError(session.withMonitor((monitor) => monitor.keepOn(podId, choice))),
    endKeepOn: (podId) => toRequestError(session.withMonitor((monitor) => monitor.endKeepOn(podId))),
    changePodRules: (podId, changes) =>
      toRequestError(session.withMonitor((monitor) => monitor.changePodRules(podId, changes))),
    setAutoStop: (mode) => toRequestError(session.withMonitor((monitor) => monitor.setAutoStop(mode))),
    undo: (intentId) => toRequestError(session.withMonitor((monitor) => monitor.undo(intentId))),
    pasteKey: async () => ok(await session.pasteKey()),
    testKey: async () => ok(await session.testKey()),
    retryKeyring: async () => ok(await session.restore()),
    runDemoCommand: (command) => toRequestError(session.runDemoCommand(command)),
    startDemo: async () => ok(await session.startDemo()),
    disconnect: async () => toRequestError(await session.disconnect()),
    dismissNotice: (noticeId) => ok(session.dismissNotice(noticeId)),
    openWindow: (page) => ok(openWindow(page, null)),
    openWindowAt: (page, about) => ok(openWindow(page, about)),
    openPage: async (page) => ok(await openInBrowser(pages[page])),
  }
}
