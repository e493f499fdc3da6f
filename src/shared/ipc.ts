import * as v from 'valibot'
import { type AuditKind, auditKinds, type AuditPage } from '../core/audit-log/audit-log'
import {
  type AutoStopMode,
  type KeepOnChoice,
  keepOnChoices,
  type PodRuleChanges,
} from '../core/pod-rules/pod-rules'
import type { CostsView } from '../core/money/costs/costs-view'
import { type PowerAction, powerActions } from '../core/pods/pod'
import { isMonth } from '../core/money/ledger/months'
import type { Delivery } from '../core/alerts/alert'
import type { KeyStorage, Snapshot } from '../core/view/snapshot'
import type { PodHistory } from '../core/polling/fleet'
import type { Result } from '../core/base/result'
import type { SettingName, Settings } from '../core/settings/settings'
import type { SettingChange } from '../core/settings/import-export'
import type { TerminalId, TerminalOutput, TerminalsView } from '../core/terminal/terminal'
import type { SnapshotText } from './snapshot-text'
import { type TerminalRequests, terminalRequestSchemas } from './terminal-requests'

/*
 * The contract between the app and its windows. Adding a request is one line in `Requests` and one in
 * `requestSchemas`; the handlers in main and the bridge in preload are derived, and the compiler names
 * what is missing. No secret is ever part of it: a key travels from the clipboard to main by itself.
 */

/** What a person is told when a request fails. */
export interface RequestError {
  readonly message: string
}

/** What became of a pasted key. Texts are for people. */
export type KeyCheckResult =
  | {
      readonly kind: 'accepted'
      readonly podCount: number
      readonly balanceUsd: number | null
      /** The key's last four characters, for recognising it. */
      readonly ending: string
      readonly storage: KeyStorage
    }
  | { readonly kind: 'refused'; readonly message: string }
  /** The clipboard held nothing that looks like a key. */
  | { readonly kind: 'not-a-key'; readonly message: string }
  /** Not known whether the key is good: no network, a proxy's page. */
  | { readonly kind: 'undecided'; readonly message: string }

/** The settings, and what came of them. */
export interface SettingsView {
  readonly settings: Settings
  /** Where they lie, for people. */
  readonly path: string
  /** What the system refused, in sentences: keys that another program has. */
  readonly refusedBySystem: { readonly [K in SettingName]?: string }
}

/** What a chosen file would change; `importId` names it for `applyImport`. */
export interface ImportPreview {
  readonly importId: string
  readonly changes: readonly SettingChange[]
}

/** The pages of the main window. */
export const pageNames = ['pods', 'costs', 'terminals', 'activity', 'settings'] as const
export type PageName = (typeof pageNames)[number]

/** A page, and the pod or setting of it that is meant; null: the page as it is. */
export interface PageTarget {
  readonly page: PageName
  readonly about: string | null
}

/** What the demo can be told. Speeds are simulated seconds per second. */
export const demoCommands = [
  'make-idle',
  'make-busy',
  'break-network',
  'mend-network',
  'empty-balance',
  'top-up',
  'speed-1',
  'speed-60',
  'speed-600',
] as const
export type DemoCommand = (typeof demoCommands)[number]

export interface Requests extends TerminalRequests {
  /** The present snapshot. */
  snapshot: () => Snapshot
  /** The last hour of these pods, `MAX_HISTORIES` at most, for the sparklines in sight; of running ones only. */
  history: (podIds: readonly string[]) => readonly PodHistory[]
  /** What a month ("2026-11"; null: the current one) cost, by day and by what it was spent on. */
  costs: (month: string | null) => CostsView
  /** Asks where, by the system's dialog, writes that month's table there, and answers with the path; null: cancelled. */
  exportCosts: (month: string | null) => string | null
  /** Asks the provider now, as far as the quota allows. */
  refresh: () => void
  /** Sends the action after the undo window. */
  act: (podId: string, action: PowerAction) => void
  /** Opens the app's own confirmation; nothing is sent before the name is typed there. */
  askTerminate: (podId: string) => void
  /** Asks for the pod's start every minute until a GPU is free; `undo` ends it. */
  startWhenFree: (podId: string) => void
  /** Holds alerts and automatic stops of the pod. */
  keepOn: (podId: string, choice: KeepOnChoice) => void
  endKeepOn: (podId: string) => void
  changePodRules: (podId: string, changes: PodRuleChanges) => void
  /** Opens the app's own confirmation: terminate instead of stop once the pod's maximum hours are over. */
  askTerminateAtMaxHours: (podId: string) => void
  setAutoStop: (mode: Exclude<AutoStopMode, 'undecided'>) => void
  /** Shows one, and says whether the system took it. */
  sendTestNotification: () => Delivery
  /** Entries older than `before`, `ACTIVITY_PAGE` at most; null: the newest, of all pods, of all kinds. */
  activity: (before: number | null, podId: string | null, kind: AuditKind | null) => AuditPage
  /** Cancels an intent that was not sent yet. */
  undo: (intentId: string) => void
  /** Reads a key from the clipboard (in main), tries it, and keeps it when it is accepted. */
  pasteKey: () => KeyCheckResult
  /** Asks Runpod what the key in use sees. Changes nothing. */
  testKey: () => KeyCheckResult
  /** Asks the system keyring again for the key that it did not give out. */
  retryKeyring: () => void
  /** Starts the demo: the built-in simulator, on loopback. */
  startDemo: () => void
  /** Makes something happen in the demo; fails when there is none. */
  steerDemo: (command: DemoCommand) => void
  /** Leaves the demo or forgets the account; the key is erased. */
  disconnect: () => void
  dismissNotice: (noticeId: string) => void
  /** Holds idle alerts back for an hour. */
  pauseAlerts: () => void
  resumeAlerts: () => void
  /** Puts on the clipboard what helps to find a fault: versions, settings, state, the log's end; no secret, no pod. */
  copyDiagnostics: () => void
  settings: () => SettingsView
  /** Refused, with the reason, when the value makes no sense, alone or beside the other settings. */
  changeSetting: (name: string, value: string | number | boolean | null) => void
  /** Back to its default. */
  resetSetting: (name: string) => void
  /** Asks where, by the system's dialog, and answers with the path; null: cancelled. */
  exportSettings: () => string | null
  /** Asks which file, by the system's dialog; null: cancelled. Changes nothing yet. */
  chooseImport: () => ImportPreview | null
  applyImport: (importId: string) => void
  /** Opens the main window at a page, or brings it to the front. */
  openWindow: (page: PageName) => void
  /** As `openWindow`, at the pod or setting of that page that is meant. */
  openWindowAt: (page: PageName, about: string) => void
  hidePopover: () => void
  /** Opens a page of the fixed list in the browser. */
  openPage: (page: 'console' | 'api-keys') => void
}

export interface Events {
  snapshot: SnapshotText
  /** The settings changed, in a window or in their file. */
  settings: SettingsView
  /** A notification was clicked: bring this pod's card into view. */
  showPod: string
  /** To the main window: this page is wanted. */
  showPage: PageTarget
  terminals: TerminalsView
  /** To the main window, of the terminal that it is attached to. */
  terminalOutput: TerminalOutput
  /** To the main window: this terminal is wanted. */
  showTerminal: TerminalId
}

/** The most histories that one request may ask for. */
export const MAX_HISTORIES = 100

const month = v.nullable(v.pipe(v.string(), v.check(isMonth)))

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(200))

/** The most entries of one page of the activity log. */
export const ACTIVITY_PAGE = 100

const positive = v.pipe(v.number(), v.finite(), v.gtValue(0))

const podRuleChanges = v.strictObject({
  isAutoStopped: v.exactOptional(v.nullable(v.boolean())),
  idleAlertAfterMin: v.exactOptional(v.nullable(positive)),
  autoStopAfterMin: v.exactOptional(v.nullable(positive)),
  maxHours: v.exactOptional(v.nullable(positive)),
  atMaxHours: v.exactOptional(v.nullable(v.literal('stop'))),
  monthlyBudgetUsd: v.exactOptional(v.nullable(positive)),
  atBudget: v.exactOptional(v.nullable(v.literal('stop'))),
  mayLoseData: v.exactOptional(v.nullable(v.boolean())),
})

const settingValue = v.union([v.pipe(v.string(), v.maxLength(2_000)), v.number(), v.boolean(), v.null()])

export const requestSchemas = {
  snapshot: v.tuple([]),
  history: v.tuple([v.pipe(v.array(id), v.maxLength(MAX_HISTORIES))]),
  costs: v.tuple([month]),
  exportCosts: v.tuple([month]),
  refresh: v.tuple([]),
  act: v.tuple([id, v.picklist(powerActions)]),
  askTerminate: v.tuple([id]),
  startWhenFree: v.tuple([id]),
  keepOn: v.tuple([id, v.picklist(keepOnChoices)]),
  endKeepOn: v.tuple([id]),
  changePodRules: v.tuple([id, podRuleChanges]),
  askTerminateAtMaxHours: v.tuple([id]),
  setAutoStop: v.tuple([v.picklist(['off', 'ticked', 'all'])]),
  sendTestNotification: v.tuple([]),
  activity: v.tuple([
    v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0))),
    v.nullable(id),
    v.nullable(v.picklist(auditKinds)),
  ]),
  undo: v.tuple([id]),
  pasteKey: v.tuple([]),
  testKey: v.tuple([]),
  retryKeyring: v.tuple([]),
  startDemo: v.tuple([]),
  steerDemo: v.tuple([v.picklist(demoCommands)]),
  disconnect: v.tuple([]),
  dismissNotice: v.tuple([id]),
  pauseAlerts: v.tuple([]),
  resumeAlerts: v.tuple([]),
  copyDiagnostics: v.tuple([]),
  settings: v.tuple([]),
  changeSetting: v.tuple([id, settingValue]),
  resetSetting: v.tuple([id]),
  exportSettings: v.tuple([]),
  chooseImport: v.tuple([]),
  applyImport: v.tuple([id]),
  openWindow: v.tuple([v.picklist(pageNames)]),
  openWindowAt: v.tuple([v.picklist(pageNames), id]),
  hidePopover: v.tuple([]),
  openPage: v.tuple([v.picklist(['console', 'api-keys'])]),
  ...terminalRequestSchemas,
} satisfies { [K in keyof Requests]: v.GenericSchema<unknown, Parameters<Requests[K]>> }

export type RequestName = keyof Requests
export type EventName = keyof Events

export const requestNames = Object.keys(requestSchemas) as RequestName[]
export const eventNames: readonly EventName[] = [
  'snapshot',
  'settings',
  'showPod',
  'showPage',
  'terminals',
  'terminalOutput',
  'showTerminal',
]

/** Channels carry this prefix, so that nothing else on ipcMain can be mistaken for ours. */
export const requestChannel = (name: RequestName): string => `podkeeper:request:${name}`
export const eventChannel = (name: EventName): string => `podkeeper:event:${name}`

/** What the windows see as `window.app`. */
export type Bridge = {
  readonly [K in RequestName]: (
    ...args: Parameters<Requests[K]>
  ) => Promise<Result<ReturnType<Requests[K]>, RequestError>>
} & {
  /** Returns what unsubscribes. */
  on<K extends EventName>(name: K, listener: (payload: Events[K]) => void): () => void
}

/** The handlers that main implements. */
export type Handlers = {
  readonly [K in RequestName]: (
    ...args: Parameters<Requests[K]>
  ) => Promise<Result<ReturnType<Requests[K]>, RequestError>> | Result<ReturnType<Requests[K]>, RequestError>
}
