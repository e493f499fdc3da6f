import type { Alert } from '../../../src/core/alerts/alert'
import type { AuditEntry } from '../../../src/core/audit-log/audit-log'
import type { ConfirmationAnswer } from '../../../src/core/confirmation/confirmation-prompt'
import type { QuestionView } from '../../../src/core/confirmation/question-queue'
import type { Settings } from '../../../src/core/settings/settings'
import type { Result } from '../../../src/core/base/result'
import type { EventName, PageTarget, RequestError } from '../../../src/shared/ipc'
import type { SeededStop } from '../app/states/seed-stops'
import type { ServedUpdate } from '../updates/release-feed-server'
import type { Simulator, SimulatorOptions } from '../../../src/simulator/simulator'

/* What a test in the browser asks of its scene, which runs in Node; see `node/scenes.ts`. */

/** Pages of `src/renderer`. */
export type WindowFile = 'window.html' | 'index.html' | 'confirm.html'

export interface BrowserSceneOptions extends Omit<Partial<SimulatorOptions>, 'now' | 'port'> {
  /** Differences from the defaults, stored before the app starts. */
  readonly settings?: Partial<Settings>
  /** Unix ms at the start. Default: November 24, 2026, 14:05 UTC. */
  readonly startsAtMs?: number
  /** Whether the app has the key of the simulated Runpod and knows its pods. Default: true. */
  readonly isConnected?: boolean
  /** The activity log of an earlier run of the app, oldest entry first. */
  readonly activity?: readonly AuditEntry[]
  /** Pods of which an earlier run of the app recorded the use of their GPUs; see `seedHistory`. */
  readonly history?: {
    readonly podIds: readonly string[]
    readonly gpuCount: number
    readonly days: number
  }
  /** Stops that an earlier run of the app saw. */
  readonly stops?: readonly SeededStop[]
  /** Whether a server of the Pods API runs that can keep the account: `HostRecord.teamServer`. Default: no. */
  readonly hasTeamServer?: boolean
  /** Whether there is a Telegram, with the bot of `BOT_TOKEN`. Default: no. */
  readonly hasTelegram?: boolean
  /** The newest release that this build's feed names. Default: it has no feed. */
  readonly newestRelease?: string
  /** The app updates itself, as on macOS, and this comes of its download. Default: it doesn’t. */
  readonly servedUpdate?: ServedUpdate
  /** Faults of the simulated Runpod before the app asks it anything. */
  readonly faults?: readonly Parameters<Simulator['fault']>[0][]
}

/** What the app asked of the system, and what the test put there. */
export interface HostRecord {
  readonly clipboard: string
  readonly openedAddresses: readonly string[]
  readonly dialogs: readonly {
    readonly kind: 'save' | 'open'
    readonly title: string
    /** The name that is offered for a file; '': none. */
    readonly defaultPath: string
  }[]
  readonly notifications: readonly Alert[]
  /** How often the app asked to quit. */
  readonly quits: number
  /** Pages that the main window was shown with. */
  readonly shownPages: readonly PageTarget[]
  /** Null: none runs. `asked`: see `TeamServer`. */
  readonly teamServer: { readonly origin: string; readonly asked: readonly string[] } | null
  /** What was written to the app's log. */
  readonly logLines: readonly string[]
}

/** An event for windows. Numbers count up from 1. */
export interface SceneEvent {
  readonly number: number
  readonly name: EventName
  readonly payload: unknown
}

export interface SceneReply {
  readonly result: Result<unknown, RequestError>
  /** Why the contract doesn't allow the request or its reply; null: it does. */
  readonly breach: string | null
}

/** The functions of a scene in Node. Values must be plain data. */
export interface SceneFunctions {
  readonly request: (page: WindowFile, name: string, args: readonly unknown[]) => Promise<SceneReply>
  /** Waits for events after this one; null: the scene is closed. */
  readonly eventsAfter: (number: number) => Promise<readonly SceneEvent[] | null>
  /** Lets time pass, and all that is due with it happen. Returns the number of the last event. */
  readonly advance: (ms: number) => Promise<number>
  /** Until all that was asked of the simulator was answered. Returns the number of the last event. */
  readonly settle: () => Promise<number>
  readonly nowMs: () => Promise<number>
  /** Calls a function of the simulator, or reads a value. */
  readonly runpod: (name: keyof Simulator, args: readonly unknown[]) => Promise<unknown>
  readonly question: () => Promise<QuestionView | null>
  readonly answerQuestion: (token: string, typed: string | null) => Promise<ConfirmationAnswer>
  readonly host: () => Promise<HostRecord>
  readonly setClipboard: (text: string) => Promise<void>
  /** The paths that the next dialog for files returns; null: it is canceled, as those are that nobody expects. */
  readonly answerNextDialog: (paths: readonly string[] | null) => Promise<void>
  /** A person writes to the bot of Telegram. */
  readonly writeToBot: (text: string) => Promise<void>
  readonly readTextFile: (path: string) => Promise<string>
  /** The data folder, in which a test may name files. */
  readonly folder: () => Promise<string>
  readonly close: () => Promise<void>
}
