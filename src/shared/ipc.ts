import type { AutoStopMode, KeepOnChoice, PodRuleChanges } from '../core/pod-rules/pod-rules'
import type { ChannelsView } from '../core/channels/outbox/outbox-ports'
import type { TransfersView } from '../core/files/files-view'
import type { PortsView } from '../core/ports/ports-view'
import type { CostsView } from '../core/money/costs/costs-view'
import type { AccountId, PodKey, PowerAction } from '../core/pods/pod'
import type { Delivery } from '../core/alerts/alert'
import type { Snapshot } from '../core/view/snapshot'
import type { PodGuardChange } from '../core/pod-guard/pod-guard-change'
import type { PodHistory } from '../core/polling/fleet'
import type { Result } from '../core/base/result'
import type { TerminalId, TerminalOutput, TerminalsView } from '../core/terminal/terminal'
import type { AccountEvents, AccountRequests } from './requests/account-requests'
import type { ActivityRequests } from './requests/activity-requests'
import type { BulkRequests } from './requests/pod/bulk-requests'
import type { CleanUpRequestsOfWindows } from './requests/clean-up-requests'
import type { ChangeRequestsOfWindows } from './requests/change-requests'
import type { ChannelRequests } from './requests/channel-requests'
import type { CreateRequests } from './requests/pod/create-requests'
import type { DemoCommand } from './demo-commands'
import { windowOperationNames } from './operations/operations'
import type { FileRequests } from './requests/pod/file-requests'
import type { EditorRequests } from './requests/pod/editor-requests'
import type { GpuRequests } from './requests/pod/gpu-requests'
import type { LabRequestsOfWindows } from './requests/lab-requests'
import type { LogRequests, LogUpdate } from './requests/pod/log-requests'
import type { PodPageRequests } from './requests/pod/pod-page-requests'
import type { PortRequests } from './requests/pod/port-requests'
import type { PodsApiRequests, PodsApiView } from './requests/pods-api-requests'
import type { QueueRequests } from './requests/queue-requests'
import type { SettingsRequests, SettingsView } from './requests/settings-requests'
import type { SnippetRequests } from './requests/snippet-requests'
import type { SnapshotText } from './snapshot-text'
import type { UpdateRequests, UpdatesView } from './requests/update-requests'
import type { TerminalRequests } from './requests/pod/terminal-requests'

/*
 * The contract between main and the windows. A new request is a row in the table of operations, a line in `Requests`
 * and one in `requestSchemas`; the handlers in main and the bridge in preload are derived from them, and the compiler
 * reports what is missing. It never carries secrets: main reads keys from the clipboard itself.
 */

/** The error shown when a request fails. */
export interface RequestError {
  readonly message: string
}

/** The pages of the main window. Those of a pod, of its logs and of its files need the pod. */
export const pageNames = [
  'pods',
  'pod',
  'logs',
  'new-pod',
  'queue',
  'costs',
  'terminals',
  'ports',
  'files',
  'volumes',
  'clean-up',
  'activity',
  'settings',
] as const
export type PageName = (typeof pageNames)[number]

/** The pages of the providers that may be opened in the browser. */
export const openedPages = ['console', 'api-keys', 'hubify', 'storage', 'templates', 'credentials'] as const
export type OpenedPage = (typeof openedPages)[number]

/** A page, and the pod or setting to show on it; null: no particular one. */
export interface PageTarget {
  readonly page: PageName
  readonly about: string | null
}

export interface Requests
  extends
    AccountRequests,
    ActivityRequests,
    BulkRequests,
    ChangeRequestsOfWindows,
    CleanUpRequestsOfWindows,
    ChannelRequests,
    CreateRequests,
    FileRequests,
    EditorRequests,
    GpuRequests,
    LabRequestsOfWindows,
    LogRequests,
    PodPageRequests,
    PortRequests,
    PodsApiRequests,
    QueueRequests,
    SettingsRequests,
    SnippetRequests,
    TerminalRequests,
    UpdateRequests {
  /** The current snapshot. */
  snapshot: () => Snapshot
  /** The last six hours of these running pods, at most `MAX_HISTORIES`, for the visible sparklines. */
  history: (podKeys: readonly PodKey[]) => readonly KeyedPodHistory[]
  /** An account's costs of a month ("2026-11"; null: the current one), by day and by item. */
  costs: (accountId: AccountId, month: string | null) => CostsView
  /** Asks for a file with the system's dialog and writes the month's table. Returns the path; null: canceled. */
  exportCosts: (accountId: AccountId, month: string | null) => string | null
  /** Polls now, as far as the quota allows. */
  refresh: () => void
  /**
   * Sends the action after the undo window. A stop after which nothing survives is confirmed in the app's own window
   * first.
   */
  act: (podKey: PodKey, action: PowerAction) => void
  /** Opens the app's own confirmation. Nothing is sent until the name is typed there. */
  confirmTerminate: (podKey: PodKey) => void
  /** Tries to start the pod every minute until a GPU is free; `undo` ends that. */
  startWhenFree: (podKey: PodKey) => void
  /** Holds alerts and automatic stops of the pod. */
  keepOn: (podKey: PodKey, choice: KeepOnChoice) => void
  endKeepOn: (podKey: PodKey) => void
  /** A permission to lose data is confirmed in the app's own window first. */
  changePodRules: (podKey: PodKey, changes: PodRuleChanges) => void
  /**
   * Looks inside the pod by SSH, which takes a minute; the snapshot shows the result. Fails with the reason
   * when the effect is unknown.
   */
  lookInside: (podKey: PodKey) => void
  /**
   * Installs a guard in the pod, or has it stop the pod to prove itself, each confirmed in the app's own window; or
   * reads or removes it. See docs/product-rules.md#141-guard-in-the-pod.
   */
  changePodGuard: (podKey: PodKey, change: PodGuardChange) => void
  /**
   * Opens the app's own confirmation for terminating the pod instead of stopping it when its maximum hours
   * are over.
   */
  confirmTerminateAtMaxHours: (podKey: PodKey) => void
  setAutoStop: (accountId: AccountId, mode: Exclude<AutoStopMode, 'undecided'>) => void
  /** See `PodRulesEditor`. */
  setStopTime: (accountId: AccountId, stopAt: string | null) => void
  /** Shows a test notification and returns whether the system accepted it. */
  sendTestNotification: () => Delivery
  /** Cancels an intent that is not sent yet. */
  undo: (intentId: string) => void
  /**
   * Starts the demo, with the built-in simulator on loopback. Over accounts, the app's own window asks first; false:
   * the user stays there.
   */
  startDemo: () => boolean
  /** Runs a demo command; fails when no demo is running. */
  runDemoCommand: (command: DemoCommand) => void
  leaveDemo: () => void
  dismissNotice: (noticeId: string) => void
  /** Defers alerts for an hour. */
  pauseAlerts: () => void
  resumeAlerts: () => void
  /**
   * Copies diagnostics to the clipboard: versions, settings, state and the end of the log, without secrets
   * and pods.
   */
  copyDiagnostics: () => void
  /** Opens the main window at a page or brings it to the front. */
  openWindow: (page: PageName) => void
  /** Like `openWindow`, at a particular pod or setting of that page. */
  openWindowAt: (page: PageName, about: string) => void
  hidePopover: () => void
  /** Opens one of a fixed list of pages in the browser. */
  openPage: (page: OpenedPage) => void
}

export interface Events extends AccountEvents {
  snapshot: SnapshotText
  /** Settings changed, in a window or in the file. */
  settings: SettingsView
  /** Channels were changed, or what they are doing. */
  channels: ChannelsView
  /** Forwards were changed or carried something, or what listens on a pod was found out. */
  ports: PortsView
  /** Transfers of files were changed, or went on. */
  transfers: TransfersView
  /** Why files that were dropped are not uploaded, as a sentence. */
  dropFailed: string
  /** The Pods API is served or no longer, or its tokens were changed. */
  podsApi: PodsApiView
  /** A newer release was looked for. */
  updates: UpdatesView
  /** To the main window: show this page. */
  showPage: PageTarget
  terminals: TerminalsView
  /** To the window that a terminal is in, once it is attached. */
  terminalOutput: TerminalOutput
  /** To the main window, for each log that it follows. */
  log: LogUpdate
  /** To the window that it is in: show this terminal. */
  showTerminal: TerminalId
}

export interface KeyedPodHistory extends PodHistory {
  readonly key: PodKey
}

export type RequestName = keyof Requests
export type EventName = keyof Events

export const requestNames: readonly RequestName[] = windowOperationNames
export const eventNames: readonly EventName[] = [
  'snapshot',
  'settings',
  'accountCheck',
  'channels',
  'ports',
  'transfers',
  'dropFailed',
  'podsApi',
  'updates',
  'showPage',
  'terminals',
  'terminalOutput',
  'log',
  'showTerminal',
]

/** All channels have this prefix, to distinguish them from any others on ipcMain. */
export const requestChannel = (name: RequestName): string => `podkeeper:request:${name}`
export const eventChannel = (name: EventName): string => `podkeeper:event:${name}`

/** Exposed to windows as `window.app`. */
export type Bridge = {
  readonly [K in RequestName]: (
    ...args: Parameters<Requests[K]>
  ) => Promise<Result<ReturnType<Requests[K]>, RequestError>>
} & {
  /** Returns a function that unsubscribes. */
  on<K extends EventName>(name: K, listener: (payload: Events[K]) => void): () => void
  /** The locale of the system's dates and numbers, such as "de-DE"; empty when it is not known. */
  readonly locale: string
}

/** The preload script finds the locale behind it. */
export const LOCALE_ARGUMENT = '--podkeeper-locale='

/** How a part of the contract is implemented in main. An error is a sentence; the gate makes a `RequestError` of it. */
export type HandlersOf<R extends { readonly [K in keyof R]: (...args: never[]) => unknown }> = {
  readonly [K in keyof R]: (
    ...args: Parameters<R[K]>
  ) => Promise<Result<ReturnType<R[K]>, string>> | Result<ReturnType<R[K]>, string>
}
export type Handlers = HandlersOf<Requests>
