import { fail, ok } from '../core/base/result'
import type { Handlers, PageName } from '../shared/ipc'
import { inWords } from './ipc/to-request-error'
import type { Session } from './account/account-session'
import type { SettingsHandlers } from './settings/settings-handlers'
import type { TerminalRequestName } from './terminals/terminal-handlers'

/** The pages of Runpod that may be opened in the browser. */
const pages = {
  console: 'https://console.runpod.io/pods',
  'api-keys': 'https://console.runpod.io/user/settings',
} as const

export function createHandlers(
  session: Session,
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
    stopPod: (podId) => inWords(session.ask((monitor) => monitor.act(podId, 'stop'))),
    startPod: (podId) => inWords(session.ask((monitor) => monitor.act(podId, 'start'))),
    restartPod: (podId) => inWords(session.ask((monitor) => monitor.act(podId, 'restart'))),
    startWhenFree: (podId) => inWords(session.ask((monitor) => monitor.waitForGpu(podId))),
    keepOn: (podId, choice) => inWords(session.ask((monitor) => monitor.keepOn(podId, choice))),
    endKeepOn: (podId) => inWords(session.ask((monitor) => monitor.endKeepOn(podId))),
    changePodRules: (podId, changes) =>
      inWords(session.ask((monitor) => monitor.changePodRules(podId, changes))),
    setAutoStop: (mode) => inWords(session.ask((monitor) => monitor.setAutoStop(mode))),
    undo: (intentId) => inWords(session.ask((monitor) => monitor.undo(intentId))),
    pasteKey: async () => ok(await session.pasteKey()),
    testKey: async () => ok(await session.testKey()),
    retryKeyring: async () => ok(await session.restore()),
    steerDemo: (command) => inWords(session.steerDemo(command)),
    startDemo: async () => ok(await session.startDemo()),
    disconnect: async () => inWords(await session.disconnect()),
    dismissNotice: (noticeId) => ok(session.dismissNotice(noticeId)),
    openWindow: (page) => ok(openWindow(page, null)),
    openWindowAt: (page, about) => ok(openWindow(page, about)),
    openPage: async (page) => ok(await openInBrowser(pages[page])),
  }
}
