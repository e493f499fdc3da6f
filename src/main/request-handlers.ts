import { app, clipboard, shell } from 'electron'
import { fail, ok, type Result } from '../core/base/result'
import type { Monitor } from '../core/monitor-types'
import type { Handlers, RequestError } from '../shared/ipc'
import type { AccountParts } from './account/open-account'
import type { PodRequests } from './account/pod-requests'
import type { TerminateConfirmation } from './windows/terminate-confirmation'
import { browserOpener } from './hardening/harden-app'
import { createCostsExport } from './ipc/costs-export'
import { chooseCostsFile } from './ipc/file-dialogs'
import { toRequestError } from './ipc/to-request-error'
import { diagnosticsText, platformFacts } from './lifecycle/diagnostics'
import type { Log } from './lifecycle/log'
import { testAlert } from './notifications/alert-button'
import type { NativeNotifier } from './notifications/notifier'
import type { AppStore } from './settings/app-store'
import type { SettingsHandlers } from './settings/settings-handlers'
import type { AppTerminals } from './terminals/app-terminals'
import type { Windows } from './windows/windows'

/** Pages of Runpod that may be opened in the browser. */
const pages = {
  console: 'https://console.runpod.io/pods',
  'api-keys': 'https://console.runpod.io/user/settings',
} as const

export interface RequestHandlersOptions
  extends Omit<AccountParts, 'folderLock' | 'terminalInput'>, Pick<AppTerminals, 'terminalHandlers'> {
  readonly settingsHandlers: SettingsHandlers
  readonly windows: Pick<Windows, 'showMain' | 'hidePopover'>
  readonly confirmation: TerminateConfirmation
  readonly podRequests: Pick<PodRequests, 'act' | 'changePodRules'>
  readonly notifier: NativeNotifier
  readonly store: Pick<AppStore, 'settings'>
  readonly nowMs: () => number
  readonly log: Pick<Log, 'lastLines'>
}

/** Implements the requests of the windows. */
export function createHandlers(options: RequestHandlersOptions): Handlers {
  const { session, auditLog, notices, alertPause, windows, confirmation, podRequests } = options
  const { notifier, settingsHandlers } = options
  const openInBrowser = browserOpener(shell)
  const withMonitor = (request: (monitor: Monitor) => Result<void, string>): Result<void, RequestError> =>
    toRequestError(session.withMonitor(request))

  async function copyDiagnostics(): Promise<void> {
    await clipboard.writeText(
      diagnosticsText({
        version: app.getVersion(),
        platform: platformFacts(),
        settings: options.store.settings(),
        snapshot: session.snapshot(),
        logLines: options.log.lastLines(),
      }),
    )
  }

  return {
    ...options.terminalHandlers,
    ...settingsHandlers,
    ...createCostsExport((month) => session.costs(month), chooseCostsFile),
    snapshot: () => ok(session.snapshot()),
    history: (podIds) => ok(session.histories(podIds)),
    costs(month) {
      const costs = session.costs(month)
      return costs === null ? fail({ message: 'No account is connected.' }) : ok(costs)
    },
    auditPage: (before, podId, kind) => ok(auditLog.page(before, { kind, podId })),
    refresh: () => ok(session.refresh()),
    act: async (podId, action) => toRequestError(await podRequests.act(podId, action)),
    startWhenFree: (podId) => withMonitor((monitor) => monitor.waitForGpu(podId)),
    confirmTerminate: async (podId) => toRequestError(await confirmation.request(podId, 'terminate')),
    confirmTerminateAtMaxHours: async (podId) =>
      toRequestError(await confirmation.request(podId, 'terminate-at-max-hours')),
    keepOn: (podId, choice) => withMonitor((monitor) => monitor.keepOn(podId, choice)),
    endKeepOn: (podId) => withMonitor((monitor) => monitor.endKeepOn(podId)),
    changePodRules: async (podId, changes) =>
      toRequestError(await podRequests.changePodRules(podId, changes)),
    async lookInside(podId) {
      const look = session.withMonitor((monitor) => ok(monitor.lookInside(podId)))
      const result = look.ok ? await look.value : look
      return toRequestError(result.ok ? ok(undefined) : result)
    },
    setAutoStop: (mode) => withMonitor((monitor) => monitor.setAutoStop(mode)),
    undo: (intentId) => withMonitor((monitor) => monitor.undo(intentId)),
    pasteKey: async () => ok(await session.pasteKey()),
    testKey: async () => ok(await session.testKey()),
    answerAccountQuestion: async (isSameAccount) =>
      toRequestError(await session.answerAccountQuestion(isSameAccount)),
    retryKeyring: async () => ok(await session.restore()),
    runDemoCommand: (command) => toRequestError(session.runDemoCommand(command)),
    startDemo: async () => toRequestError(await session.startDemo()),
    disconnect: async () => toRequestError(await session.disconnect()),
    dismissNotice: (noticeId) => ok(notices.dismiss(noticeId)),
    pauseAlerts: () => ok(alertPause.start()),
    resumeAlerts: () => ok(options.resumeAlerts()),
    sendTestNotification: async () => ok(await notifier.show(testAlert(options.nowMs()))),
    copyDiagnostics: async () => ok(await copyDiagnostics()),
    hidePopover: () => ok(windows.hidePopover()),
    openWindow: (page) => ok(windows.showMain(page, null)),
    openWindowAt: (page, about) => ok(windows.showMain(page, about)),
    openPage: async (page) => ok(await openInBrowser(pages[page])),
  }
}
