import { randomUUID } from 'node:crypto'
import type { Clock } from '../core/base/time/clock'
import type { AccountId } from '../core/pods/pod'
import { accountName } from '../core/view/account-name'
import { isAlertStale } from '../core/view/stale-alerts'
import { openPresetsFile } from '../node/data-folder/presets-file'
import { openTerminalTabsFile } from '../node/data-folder/terminal-tabs-file'
import { createPresetFinder } from '../node/queue/preset-finder'
import { createPhoneServices } from '../providers/phone/phone-services'
import type { Handlers } from '../shared/ipc'
import type { Ssh } from '../ssh/create-ssh'
import { accountText } from './account/account-text'
import { createAccountChecks } from './account/requests/account-checks'
import { createChangeRequests } from './account/requests/change-requests'
import { createCleanUpRequests } from './account/requests/clean-up-requests'
import { createLabRequests } from './account/requests/lab-requests'
import { createPodGuardChanges } from './account/requests/pod-guard-requests'
import { createPodPage } from './account/requests/pod-page-requests'
import { createAutoStopRequests } from './account/requests/auto-stop-requests'
import { createPodRequests, type PodRequests } from './account/requests/pod-requests'
import { createServerRequests } from './account/requests/server-requests'
import { type AccountParts, openAccount } from './account/session/open-account'
import { createAppSettings, type AppSettings } from './app-settings'
import { createChannelHandlers } from './channels/channel-handlers'
import { createPodCreateRequests } from './creation/create-requests'
import { createPresetRequests } from './creation/preset-requests'
import type { Keyring } from './account/key/keyring'
import type { FileDialogs } from './ipc/file-dialogs'
import type { AppHost } from './lifecycle/app-host'
import type { Desktop } from './settings/apply-settings'
import type { TerminalProcess } from './terminals/process/terminal-process'
import { createAppEditors } from './editors/app-editors'
import { type AppFiles, createAppFiles } from './files/app-files'
import { createAppGpus, findPod } from './gpus/app-gpus'
import { parsePodPortUrl, parseWebAppUrl } from './hardening/external-url'
import { browserOpener } from './hardening/harden-app'
import type { Log } from './lifecycle/log'
import type { RuntimeLimits } from './lifecycle/runtime'
import { createAppLogs } from './logs/app-logs'
import type { NativeNotifier } from './notifications/notifier'
import { openPodsApi, type OpenedPodsApi } from './pods-api/open-pods-api'
import { type AppPorts, createAppPorts } from './ports/app-ports'
import { createQueueHandlers } from './queue/queue-requests'
import { createHandlers } from './request-handlers'
import type { AppStore } from './settings/app-store'
import { createSnippetHandlers } from './settings/snippet-handlers'
import { type AppTerminals, createAppTerminals } from './terminals/app-terminals'
import { type AppUpdates, createAppUpdates, type UpdateHost } from './updates/app-updates'
import { createTabFollower } from './terminals/follow-tabs'
import type { PromptWindow } from './windows/prompt-window'
import { createTerminateConfirmation, type TerminateConfirmation } from './windows/terminate-confirmation'
import type { Windows } from './windows/windows'

/** All that only Electron can do for the requests of windows. */
export interface ElectronHost extends AppHost {
  readonly updates: UpdateHost
  readonly fileDialogs: FileDialogs
  readonly createKeyring: () => Keyring
  readonly createDesktop: (onShortcut: () => void) => Desktop
  readonly startTerminalProcess: () => TerminalProcess
}

export interface AppPartsOptions {
  readonly host: ElectronHost
  readonly clock: Clock
  readonly userData: string
  readonly log: Log
  readonly store: AppStore
  readonly notifier: NativeNotifier
  readonly limits: RuntimeLimits
  readonly ssh: Ssh
  /** Keys that lead to the pods of one account alone, by account: those of the demo while it runs. */
  readonly accountKeys: Map<AccountId, string>
  readonly windows: Windows
  readonly promptWindow: PromptWindow
}

/** What answers the requests of windows, and what tray, notifications and commands use of it. */
export interface AppParts
  extends AccountParts, AppTerminals, Pick<AppPorts, 'ports'>, Pick<AppFiles, 'transfers' | 'takeDrop'> {
  readonly handlers: Handlers
  readonly changeSetting: AppSettings['changeSetting']
  readonly confirmation: TerminateConfirmation
  readonly podRequests: PodRequests
  readonly podsApi: OpenedPodsApi
  readonly updates: AppUpdates
}

/**
 * Creates the parts in order of their dependencies, without Electron's own: tests run the same on Node alone. Nothing
 * is watched before the session's `restore`.
 */
export function createAppParts(options: AppPartsOptions): AppParts {
  const { host, clock, userData, log, store, notifier, limits, ssh, windows, promptWindow } = options
  const { ask } = promptWindow
  const report = log.warn
  const nowMs = (): number => clock.now().wallMs
  const { settingsHandlers, changeSetting } = createAppSettings(store, windows, ask, limits, host)
  const phoneServices = createPhoneServices({ version: host.version, proxyEnvironment: host.env, ...limits })
  const accountParts = openAccount({
    ...options,
    ask,
    phoneServices,
    onChannels: (view) => windows.send('channels', view),
  })
  const { session, folderHost, auditLog, terminalInput, shownQueue } = accountParts
  const nameOf = (accountId: AccountId): string | null => accountName(session.snapshot(), accountId)
  const confirmation = createTerminateConfirmation({ clock, session, promptWindow, nameOf })
  const podRequests = createPodRequests(session, ask, nameOf)
  const reachParts = { clock, session, windows, promptWindow, terminalInput, ssh }
  const appTerminals = createAppTerminals({
    host,
    startProcess: host.startTerminalProcess,
    dialogs: host.fileDialogs,
    ...reachParts,
    store,
    tabStore: openTerminalTabsFile(userData, report),
    withdraw: notifier.withdraw,
    report,
  })
  const { terminals } = appTerminals
  const { ports, portHandlers } = createAppPorts({ host, userData, ...reachParts })
  const files = createAppFiles({ dialogs: host.fileDialogs, ...reachParts, terminals, report })
  const editors = createAppEditors({ userData, limits, store, ssh, promptWindow, accountParts, report })
  const podsApi = openPodsApi({ host, userData, clock, store, session, windows, promptWindow, log, auditLog })
  const updates = createAppUpdates({ ...options, ...accountParts, ...files, report })
  const followTabs = createTabFollower({ terminals, monitor: (accountId) => session.monitor(accountId) })
  session.subscribe((snapshot) => {
    notifier.withdraw((key) => isAlertStale(key, snapshot))
    windows.publish(session.shownSnapshot())
    terminals.onSnapshot(snapshot)
    ports.onSnapshot(snapshot)
    files.transfers.onSnapshot(snapshot)
    editors.onSnapshot(snapshot)
    followTabs(snapshot)
  })

  const handlers: Handlers = {
    ...createHandlers({
      host,
      dialogs: host.fileDialogs,
      ...accountParts,
      windows,
      confirmation,
      podRequests,
      notifier,
      store,
      nowMs,
      log,
    }),
    ...appTerminals.terminalHandlers,
    ...portHandlers,
    ...files.fileHandlers,
    ...editors.handlers,
    ...settingsHandlers,
    ...podsApi.handlers,
    ...updates.handlers,
    ...createAppLogs({ dialogs: host.fileDialogs, clock, session, windows }),
    ...createAppGpus({ clock, session, ssh, terminals, windows, ask }),
    ...createSnippetHandlers(store, (podKey) => findPod(session, podKey)),
    ...createPodGuardChanges(session, ask, nameOf),
    ...createAutoStopRequests(session, ask, nameOf),
    ...createPresetRequests(openPresetsFile(userData), host.fileDialogs.presets),
    ...createPodPage({
      session,
      usageHistories: folderHost.usageHistories,
      ask,
      nameOf,
      openInBrowser: browserOpener(host, parsePodPortUrl),
      nowMs,
    }),
    ...createChangeRequests({
      monitor: (accountId) => session.monitor(accountId),
      provider: (accountId) => session.provider(accountId),
      ask,
      nameOf,
    }),
    ...createCleanUpRequests({
      clock,
      monitor: (accountId) => session.monitor(accountId),
      provider: (accountId) => session.provider(accountId),
      foreignKeys: ssh.foreignKeys,
      ask,
      nameOf,
    }),
    ...createServerRequests({ ...options, ...accountParts, ask }),
    ...createAccountChecks({
      clock,
      session,
      ssh,
      dataFolder: userData,
      areNotificationsSupported: host.areNotificationsSupported,
      onView: (view) => windows.send('accountCheck', view),
    }),
    ...createLabRequests({
      provider: (accountId) => session.provider(accountId),
      nameOf: (accountId) =>
        session.snapshot().accounts.find(({ entry }) => entry.id === accountId)?.entry.name ??
        accountText.aLab,
      monitor: (accountId) => session.monitor(accountId),
      republish: session.republish,
      ask,
      openInBrowser: browserOpener(host, parseWebAppUrl),
      readClipboard: host.readClipboard,
      record: (entry) => auditLog.logForProgram().record(entry),
      mayWrite: folderHost.lock.mayWrite,
      newId: randomUUID,
      nowMs,
    }),
    ...createPodCreateRequests({
      clock,
      provider: (accountId) => session.provider(accountId),
      monitor: (accountId) => session.monitor(accountId),
      nameOf,
      ask,
      tabNames: (podKey) => terminals.tabNames(podKey),
      ssh,
      newId: randomUUID,
    }),
    ...createQueueHandlers({
      queue: shownQueue,
      ask,
      nameOf,
      readClipboard: host.readClipboard,
      chooseFiles: host.fileDialogs.chooseJobFiles,
      chooseFolder: host.fileDialogs.chooseResultsFolder,
      newId: randomUUID,
      findPreset: createPresetFinder(userData),
    }),
    ...createChannelHandlers({
      channels: folderHost.channels,
      ask,
      clock,
      phoneServices,
      hosts: limits.hosts,
      record: (entry) => void auditLog.logForProgram().record(entry),
      hide: log.hide,
    }),
  }
  return {
    ...accountParts,
    ...appTerminals,
    handlers,
    changeSetting,
    confirmation,
    podRequests,
    podsApi,
    updates,
    ports,
    transfers: files.transfers,
    takeDrop: files.takeDrop,
  }
}
