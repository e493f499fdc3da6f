import type { AccountPods } from '../../core/confirmation/confirmation-prompt'
import type { Monitor } from '../../core/monitor/monitor-types'
import type { AccountId, PodKey } from '../../core/pods/pod'
import type { Result } from '../../core/base/result'
import type { Snapshot } from '../../core/view/snapshot'
import type { SplitDirection } from '../../core/terminal/panes/pane-layout'
import type {
  TerminalOutput,
  TerminalSize,
  TerminalSnapshot,
  TerminalsView,
  TerminalView,
} from '../../core/terminal/terminal'
import type { TerminalInputTracker } from '../../core/terminal/terminal-input'
import type { TerminalPlace } from '../../shared/requests/pod/terminal-requests'
import type { SshTarget } from '../../ssh/connection/ssh-shell'
import type { CreateRemoteEmulator } from './process/remote-emulator'
import type { TabStore } from './sessions/tab-records'
import type { TerminalSession, TerminalSessionOptions } from './terminal-session-types'

export interface TerminalsOptions extends Pick<
  TerminalSessionOptions,
  'clock' | 'random' | 'openShell' | 'askHostKey' | 'askPassphrase'
> {
  readonly scrollbackLines: () => number
  readonly createEmulator: CreateRemoteEmulator
  /** Whether the sessions of new terminals are to be kept on the pod. */
  readonly keepsSessions: () => boolean
  readonly tabStore: TabStore
  /** Ends a session that no terminal is connected to. Resolves to whether it is certainly over. */
  readonly endSession: (target: SshTarget, name: string) => Promise<boolean>
  /** The pods as last observed; null unless that account is connected. */
  readonly accountPods: (accountId: AccountId) => AccountPods | null
  readonly onTerminalEvent: (accountId: AccountId, ...event: Parameters<Monitor['onTerminalEvent']>) => void
  readonly input: TerminalInputTracker
  /** `windowId`: see `TerminalTab`; null: the main window. */
  readonly isWindowFocused: (windowId: string | null) => boolean
  readonly publish: (view: TerminalsView) => void
  readonly copies: {
    readonly isEnabled: () => boolean
    /** Asks a person in the app's own window. */
    readonly ask: (terminal: TerminalView, text: string) => Promise<Result<boolean, string>>
    readonly write: (text: string) => void
  }
  readonly send: (output: TerminalOutput, windowId: string | null) => void
}

/** All open terminals, independent of windows. Errors are sentences. */
export interface Terminals {
  view(): TerminalsView
  /** The pod name of each open shell that ends with its connection. */
  shells(): readonly string[]
  /** Opens a terminal on the pod; returns its id. */
  open(podKey: PodKey): Result<string, string>
  /** Opens another terminal on the pod of this one, in a pane beside it; returns its id. */
  split(id: string, direction: SplitDirection): Result<string, string>
  /** Changes the share of the first part of a split; `secondId` is the first pane of its second part. */
  setRatio(secondId: string, ratio: number): void
  /** Ends the session and its pane, and the tab with its last pane. */
  close(id: string): void
  session(id: string): Result<TerminalSession, string>
  /** Reconnects a terminal. */
  retry(id: string): Result<void, string>
  /** The names of the pod's tabs, in order; null: the pod's own. */
  tabNames(podKey: PodKey): readonly (string | null)[]
  /**
   * Tabs of one pod become tabs of another, in their places and with their names: new sessions, which ask about the
   * host key as always. A shell that is still open keeps a tab behind the new one, because what runs in it would end
   * with it. `earlier`: names of tabs to open where the first pod has none.
   */
  moveTabs(from: PodKey, to: PodKey, earlier: readonly (string | null)[]): void
  /** Names the tab of this terminal; null: by its pod. */
  rename(id: string, name: string | null): Result<void, string>
  /** Moves the tab of this terminal to this index, starting at 0. */
  move(id: string, index: number): void
  /** The window of its own that its tab is in; null: the main window, or it is closed. */
  windowOf(id: string): string | null
  /** Moves the tab of this terminal to a window of its own, or back; returns that window, null for the main one. */
  place(id: string, where: TerminalPlace): Result<string | null, string>
  /** This window is gone: its tab is in the main window again. */
  onWindowClosed(windowId: string): void
  attach(id: string, size: TerminalSize): Promise<Result<TerminalSnapshot, string>>
  detach(attachment: number): void
  ack(attachment: number, bytes: number): void
  /** A window that shows terminals got the focus. */
  onFocus(): void
  /** Called when a window or its page is gone; null: the main window. */
  detachAll(windowId: string | null): void
  /** Must be called with each snapshot. */
  onSnapshot(snapshot: Snapshot): void
  /** The computer woke up. */
  onWake(): void
  dispose(): void
}
