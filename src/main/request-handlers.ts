import { fail, ok, type Result } from '../core/base/result'
import type { Monitor } from '../core/monitor/monitor-types'
import type { PodId, PodKey } from '../core/pods/pod'
import type { Handlers, RequestError } from '../shared/ipc'
import type { FileRequests } from '../shared/requests/pod/file-requests'
import type { EditorRequests } from '../shared/requests/pod/editor-requests'
import type { GpuRequests } from '../shared/requests/pod/gpu-requests'
import type { SnippetRequests } from '../shared/requests/snippet-requests'
import type { ChannelRequests } from '../shared/requests/channel-requests'
import type { PortRequests } from '../shared/requests/pod/port-requests'
import type { PodsApiRequests } from '../shared/requests/pods-api-requests'
import type { QueueRequests } from '../shared/requests/queue-requests'
import type { AccountParts } from './account/session/open-account'
import { createBulkPodRequests } from './account/requests/bulk-requests'
import type { ConfirmedChangeRequests } from './account/requests/change-requests'
import { createCreateHandlers } from './creation/create-handlers'
import type { LabRequests } from './account/requests/lab-requests'
import type { PodPage } from './account/requests/pod-page-requests'
import type { PodCreateRequests } from './creation/create-requests'
import type { PresetRequests } from './creation/preset-requests'
import type { PodGuardChanges } from './account/requests/pod-guard-requests'
import type { PodRequests } from './account/requests/pod-requests'
import type { TerminateConfirmation } from './windows/terminate-confirmation'
import { browserOpener } from './hardening/harden-app'
import { createActivityHandlers } from './ipc/activity-handlers'
import { createCostsExport } from './ipc/costs-export'
import type { FileDialogs } from './ipc/file-dialogs'
import type { AppHost } from './lifecycle/app-host'
import type { createAppLogs } from './logs/app-logs'
import { toRequestError } from './ipc/to-request-error'
import { diagnosticsText, platformFacts } from './lifecycle/diagnostics-text'
import type { Log } from './lifecycle/log'
import { testAlert } from './notifications/alert-button'
import type { NativeNotifier } from './notifications/notifier'
import type { AppStore } from './settings/app-store'
import type { SettingsHandlers } from './settings/settings-handlers'
import type { AppTerminals } from './terminals/app-terminals'
import type { Windows } from './windows/windows'
import { accountText } from './account/account-text'

/** Pages of the providers that may be opened in the browser. */
const pages = {
  console: 'https://console.runpod.io/pods',
  'api-keys': 'https://console.runpod.io/user/credentials?tab=api-key',
  hubify: 'https://www.hubify.com/',
} as const

export interface RequestHandlersOptions
  extends
    Omit<AccountParts, 'folderHost' | 'terminalInput' | 'shownQueue'>,
    Pick<AppTerminals, 'terminalHandlers'> {
  readonly host: AppHost
  readonly dialogs: Pick<FileDialogs, 'chooseCostsFile' | 'chooseActivityFile'>
  readonly settingsHandlers: SettingsHandlers
  readonly logHandlers: ReturnType<typeof createAppLogs>
  readonly fileHandlers: Pick<Handlers, keyof FileRequests>
  readonly editorHandlers: Pick<Handlers, keyof EditorRequests>
  readonly gpuHandlers: Pick<Handlers, keyof GpuRequests>
  readonly snippetHandlers: Pick<Handlers, keyof SnippetRequests>
  readonly windows: Pick<Windows, 'showMain' | 'hidePopover'>
  readonly confirmation: TerminateConfirmation
  readonly podRequests: Pick<PodRequests, 'act' | 'changePodRules'>
  readonly podGuards: PodGuardChanges
  readonly labRequests: LabRequests
  readonly accountChecks: Pick<Handlers, 'startAccountCheck' | 'cancelAccountCheck'>
  readonly changeRequests: ConfirmedChangeRequests
  readonly podPage: PodPage
  readonly createRequests: PodCreateRequests
  readonly presetRequests: PresetRequests
  readonly queueHandlers: Pick<Handlers, keyof QueueRequests>
  readonly portHandlers: Pick<Handlers, keyof PortRequests>
  readonly channelHandlers: Pick<Handlers, keyof ChannelRequests>
  readonly podsApiHandlers: Pick<Handlers, keyof PodsApiRequests>
  readonly notifier: NativeNotifier
  readonly store: Pick<AppStore, 'settings'>
  readonly nowMs: () => number
  readonly log: Pick<Log, 'lastLines'>
}

/** Implements the requests of the windows. */
export function createHandlers(options: RequestHandlersOptions): Handlers {
  const { session, auditLog, notices, alertPause, windows, confirmation, podRequests, labRequests } = options
  const { host, notifier, settingsHandlers, changeRequests, podPage } = options
  const bulkRequests = createBulkPodRequests(session, podRequests)
  const openInBrowser = browserOpener(host)
  const withPod = (
    podKey: PodKey,
    request: (monitor: Monitor, podId: PodId) => Result<void, string>,
  ): Result<void, RequestError> => toRequestError(session.withPod(podKey, request))

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
    ...options.terminalHandlers,
    ...settingsHandlers,
    ...options.logHandlers,
    ...options.portHandlers,
    ...options.fileHandlers,
    ...options.editorHandlers,
    ...options.gpuHandlers,
    ...options.snippetHandlers,
    ...options.queueHandlers,
    ...options.channelHandlers,
    ...options.podsApiHandlers,
    ...options.accountChecks,
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
      return costs === null ? fail({ message: accountText.notConnected }) : ok(costs)
    },
    podUsage: async (podKey, fromMs, toMs, detail) =>
      toRequestError(await podPage.usage(podKey, fromMs, toMs, detail)),
    podDetails: async (podKey) => toRequestError(await podPage.details(podKey)),
    openPodPort: async (podKey, port) => toRequestError(await podPage.openPort(podKey, port)),
    refresh: () => ok(session.refresh()),
    act: async (podKey, action) => toRequestError(await podRequests.act(podKey, action)),
    stopPods: async (podKeys) => ok(await bulkRequests.stopPods(podKeys)),
    keepPodsOn: async (podKeys, choice) => ok(await bulkRequests.keepPodsOn(podKeys, choice)),
    selectForAutoStop: async (podKeys, isAutoStopped) =>
      ok(await bulkRequests.selectForAutoStop(podKeys, isAutoStopped)),
    startWhenFree: (podKey) => withPod(podKey, (monitor, podId) => monitor.waitForGpu(podId)),
    confirmTerminate: async (podKey) => toRequestError(await confirmation.request(podKey, 'terminate')),
    confirmTerminateAtMaxHours: async (podKey) =>
      toRequestError(await confirmation.request(podKey, 'terminate-at-max-hours')),
    keepOn: (podKey, choice) => withPod(podKey, (monitor, podId) => monitor.keepOn(podId, choice)),
    endKeepOn: (podKey) => withPod(podKey, (monitor, podId) => monitor.endKeepOn(podId)),
    changePodRules: async (podKey, changes) =>
      toRequestError(await podRequests.changePodRules(podKey, changes)),
    async lookInside(podKey) {
      const look = session.withPod(podKey, (monitor, podId) => ok(monitor.lookInside(podId)))
      const result = look.ok ? await look.value : look
      return toRequestError(result.ok ? ok(undefined) : result)
    },
    changePodGuard: async (podKey, change) => toRequestError(await options.podGuards.change(podKey, change)),
    setAutoStop: (accountId, mode) =>
      toRequestError(session.withMonitor(accountId, (monitor) => monitor.setAutoStop(mode))),
    undo: (intentId) => toRequestError(session.undo(intentId)),
    undoAll: async (intentIds) => ok(await bulkRequests.undoAll(intentIds)),
    pasteKey: async () => ok(await session.pasteKey()),
    pasteLabKey: async () => ok(await session.pasteLabKey()),
    addLabs: async (labIds) => toRequestError(await session.addLabs(labIds)),
    replaceLabKey: async (accountId) => toRequestError(await session.replaceLabKey(accountId)),
    changeLabSettings: async (accountId, changes) =>
      toRequestError(await labRequests.changeLabSettings(accountId, changes)),
    openWebApp: async (accountId) => toRequestError(await labRequests.openWebApp(accountId)),
    pasteEnvironment: async () => toRequestError(await labRequests.pasteEnvironment()),
    createLabPod: async (accountId, choice, environmentId) =>
      toRequestError(await labRequests.createLabPod(accountId, choice, environmentId)),
    refreshVolumes: async (accountId) => toRequestError(await changeRequests.refreshVolumes(accountId)),
    volumePlaces: async (accountId) => toRequestError(await changeRequests.volumePlaces(accountId)),
    changeVolume: async (accountId, change) =>
      toRequestError(await changeRequests.changeVolume(accountId, change)),
    editablePod: async (podKey) => toRequestError(await changeRequests.editablePod(podKey)),
    editPod: async (podKey, edit, shown) => toRequestError(await changeRequests.editPod(podKey, edit, shown)),
    ...createCreateHandlers(options.createRequests, options.presetRequests),
    testKey: async (accountId) => ok(await session.testKey(accountId)),
    changeAccount: async (accountId, changes) =>
      toRequestError(await session.changeAccount(accountId, changes)),
    orderAccounts: (accountIds) => toRequestError(session.orderAccounts(accountIds)),
    removeAccount: async (accountId) => toRequestError(await session.removeAccount(accountId)),
    answerAccountQuestion: async (accountId, isSameAccount) =>
      toRequestError(await session.answerAccountQuestion(accountId, isSameAccount)),
    retryKeyring: async () => ok(await session.restore()),
    runDemoCommand: (command) => toRequestError(session.runDemoCommand(command)),
    startDemo: async () => toRequestError(await session.startDemo()),
    leaveDemo: async () => ok(await session.leaveDemo()),
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
