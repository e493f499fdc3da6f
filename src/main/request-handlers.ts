import { fail, ok } from '../core/base/result'
import { accountOperations } from '../core/operations/account-operations'
import type { Handlers, OpenedPage } from '../shared/ipc'
import type { AccountParts } from './account/session/open-account'
import { createBulkPodRequests } from './account/requests/bulk-requests'
import type { PodRequests } from './account/requests/pod-requests'
import type { TerminateConfirmation } from './windows/terminate-confirmation'
import { browserOpener } from './hardening/harden-app'
import { createActivityHandlers } from './ipc/activity-handlers'
import { createCostsExport } from './ipc/costs-export'
import type { FileDialogs } from './ipc/file-dialogs'
import type { AppHost } from './lifecycle/app-host'
import { diagnosticsText, platformFacts } from './lifecycle/diagnostics-text'
import type { Log } from './lifecycle/log'
import { testAlert } from './notifications/alert-button'
import type { NativeNotifier } from './notifications/notifier'
import type { AppStore } from './settings/app-store'
import type { Windows } from './windows/windows'
import { accountText } from './account/account-text'

/** Pages of the providers that may be opened in the browser. */
const pages = {
  console: 'https://console.runpod.io/pods',
  'api-keys': 'https://console.runpod.io/user/credentials?tab=api-key',
  hubify: 'https://www.hubify.com/',
  storage: 'https://console.runpod.io/user/storage',
  templates: 'https://console.runpod.io/user/templates',
  credentials: 'https://console.runpod.io/user/credentials',
} as const satisfies Readonly<Record<OpenedPage, string>>

export interface RequestHandlersOptions extends Pick<
  AccountParts,
  'session' | 'auditLog' | 'notices' | 'alertPause' | 'resumeAlerts'
> {
  readonly host: AppHost
  readonly dialogs: Pick<FileDialogs, 'chooseCostsFile' | 'chooseActivityFile'>
  readonly windows: Pick<Windows, 'showMain' | 'hidePopover'>
  readonly confirmation: TerminateConfirmation
  readonly podRequests: Omit<PodRequests, 'confirmStop'>
  readonly notifier: NativeNotifier
  readonly store: Pick<AppStore, 'settings'>
  readonly nowMs: () => number
  readonly log: Pick<Log, 'lastLines'>
}

/** Implements the requests of windows that have no part of their own. */
export function createHandlers(options: RequestHandlersOptions) {
  const { session, auditLog, notices, alertPause, windows, confirmation, podRequests, host } = options
  const bulkRequests = createBulkPodRequests(session, podRequests)
  const openInBrowser = browserOpener(host)

  async function copyDiagnostics(): Promise<void> {
    await host.writeClipboard(
      diagnosticsText({
        version: host.version,
        platform: platformFacts(),
        settings: options.store.settings(),
        snapshot: session.snapshot(),
        logLines: options.log.lastLines(),
      }),
    )
  }

  return {
    ...createCostsExport(
      (accountId, month) => session.costs(accountId, month),
      options.dialogs.chooseCostsFile,
    ),
    ...createActivityHandlers({
      log: auditLog,
      accountNames: () =>
        new Map(session.snapshot().accounts.map(({ entry }) => [entry.id, entry.name] as const)),
      chooseSavePath: options.dialogs.chooseActivityFile,
    }),
    snapshot: () => ok(session.shownSnapshot()),
    history: async (podKeys) => ok(await session.histories(podKeys)),
    costs(accountId, month) {
      const costs = session.costs(accountId, month)
      return costs === null ? fail(accountText.notConnected) : ok(costs)
    },
    refresh: () => ok(session.refresh()),
    act: podRequests.act,
    changePodRules: podRequests.changePodRules,
    startWhenFree: podRequests.startWhenFree,
    keepOn: podRequests.keepOn,
    endKeepOn: (podKey) => podRequests.keepOn(podKey, null),
    stopPods: async (podKeys) => ok(await bulkRequests.stopPods(podKeys)),
    keepPodsOn: async (podKeys, choice) => ok(await bulkRequests.keepPodsOn(podKeys, choice)),
    selectForAutoStop: async (podKeys, isAutoStopped) =>
      ok(await bulkRequests.selectForAutoStop(podKeys, isAutoStopped)),
    confirmTerminate: (podKey) => confirmation.request(podKey, 'terminate'),
    confirmTerminateAtMaxHours: (podKey) => confirmation.request(podKey, 'terminate-at-max-hours'),
    async lookInside(podKey) {
      const look = session.withPod(podKey, (monitor, podId) => ok(monitor.lookInside(podId)))
      const result = look.ok ? await look.value : look
      return result.ok ? ok(undefined) : result
    },
    setAutoStop: (accountId, mode) =>
      session.withMonitor(accountId, (monitor) => accountOperations(monitor).setAutoStop(mode)),
    undo: (intentId) => session.undo(intentId),
    undoAll: async (intentIds) => ok(await bulkRequests.undoAll(intentIds)),
    pasteKey: async () => ok(await session.pasteKey()),
    pasteLabKey: async () => ok(await session.pasteLabKey()),
    addLabs: (labIds) => session.addLabs(labIds),
    replaceLabKey: (accountId) => session.replaceLabKey(accountId),
    testKey: async (accountId) => ok(await session.testKey(accountId)),
    changeAccount: (accountId, changes) => session.changeAccount(accountId, changes),
    orderAccounts: (accountIds) => session.orderAccounts(accountIds),
    removeAccount: (accountId) => session.removeAccount(accountId),
    answerAccountQuestion: (accountId, isSameAccount) =>
      session.answerAccountQuestion(accountId, isSameAccount),
    retryKeyring: async () => ok(await session.restore()),
    runDemoCommand: (command) => session.runDemoCommand(command),
    startDemo: () => session.startDemo(),
    leaveDemo: async () => ok(await session.leaveDemo()),
    dismissNotice: (noticeId) => ok(notices.dismiss(noticeId)),
    pauseAlerts: () => ok(alertPause.start()),
    resumeAlerts: () => ok(options.resumeAlerts()),
    sendTestNotification: async () => ok(await options.notifier.show(testAlert(options.nowMs()))),
    copyDiagnostics: async () => ok(await copyDiagnostics()),
    hidePopover: () => ok(windows.hidePopover()),
    openWindow: (page) => ok(windows.showMain(page, null)),
    openWindowAt: (page, about) => ok(windows.showMain(page, about)),
    openPage: async (page) => ok(await openInBrowser(pages[page])),
  } satisfies Partial<Handlers>
}
