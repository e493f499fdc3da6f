import * as v from 'valibot'
import {
  MAX_TERMINAL_NAME,
  MAX_UNACKNOWLEDGED_BYTES,
  type TerminalId,
  type TerminalSize,
  type TerminalSnapshot,
  type TerminalsView,
} from '../../../core/terminal/terminal'
import { MAX_LINK_CHARS } from '../../../core/terminal/output/live-links'
import type { SplitDirection } from '../../../core/terminal/panes/pane-layout'
import type { AccountId, PodId, PodKey } from '../../../core/pods/pod'
import { idSchema, podKeySchema } from '../field-schemas'
import type { LocalSshKey, SshKeysView } from '../../../core/terminal/ssh-keys'

/** The part of the contract for terminals. It never carries passphrases or private keys. */
export interface TerminalRequests {
  terminals: () => TerminalsView
  /** Opens a new session on the pod and shows it in the window. */
  openTerminal: (podKey: PodKey) => TerminalId
  /** Opens another session on the pod of this terminal, in a pane beside it, and shows it. */
  splitTerminal: (terminalId: string, direction: SplitDirection) => TerminalId
  /**
   * Changes the share of the first part of a split, 0 to 1. The split is the one whose second part begins with this
   * terminal.
   */
  resizePane: (terminalId: string, ratio: number) => void
  /** Ends the session and its pane; the last pane takes its tab with it. */
  closeTerminal: (terminalId: string) => void
  /** Reconnects a terminal that failed, ended or is waiting. */
  retryTerminal: (terminalId: string) => void
  /** Names its tab. Null resets the name to the pod's. */
  renameTerminal: (terminalId: string, name: string | null) => void
  /** Moves its tab to this index among those of its window, starting at 0. */
  moveTerminal: (terminalId: string, index: number) => void
  /**
   * Moves its tab to a window of its own, or back to the main window, and shows it there. `at-pointer`: a new window
   * appears where main sees the pointer.
   */
  placeTerminal: (terminalId: string, where: TerminalPlace) => void
  /** Brings the window to the front that its tab is in. */
  showTerminalWindow: (terminalId: string) => void
  /** Brings the window to the front that asks about a host key or a passphrase. */
  showQuestion: () => void
  /**
   * Forgets the known host key of a blocked terminal and connects again, once the pod's name was typed in the
   * app's own window. False: the user refused.
   */
  forgetHostKey: (terminalId: string) => boolean
  /** Sends the terminal's output to its window from now on. Others are refused, also what they type and its size. */
  attachTerminal: (terminalId: string, size: TerminalSize) => TerminalSnapshot
  detachTerminal: (attachment: number) => void
  /** User input as text, or as bytes in the characters U+0000 to U+00FF. */
  typeInTerminal: (terminalId: string, text: string, as: 'text' | 'bytes') => void
  resizeTerminal: (terminalId: string, size: TerminalSize) => void
  /** Clears the terminal except for the line of the cursor. The window clears its own copy. */
  clearTerminal: (terminalId: string) => void
  /** Acknowledges that this many more bytes of output were drawn. */
  ackTerminal: (attachment: number, bytes: number) => void
  /** Removes what the terminal says about what was lost. */
  dismissTerminalNotice: (terminalId: string) => void
  /** Whether to notify when the command in it ends, whoever sees it: the one that runs, or else the next one. */
  notifyOfCommand: (terminalId: string, isWanted: boolean) => void
  /**
   * Opens an https address in the browser that stands in the terminal. The app's own window asks once for each
   * host.
   */
  openTerminalLink: (terminalId: string, address: string) => void
  /** The local and the registered keys, and the likely problems. */
  sshKeys: (podKey: PodKey) => SshKeysView
  /** Creates an ed25519 key next to the other keys of this computer. */
  createSshKey: () => LocalSshKey
  /**
   * Adds the public key to the keys of the account, which are kept, once that was confirmed in the app's own window.
   * A pod that is named is then restarted to get it, with its undo, once that was confirmed there, too.
   */
  registerSshKey: (accountId: AccountId, fingerprint: string, podId: PodId | null) => KeyRegistration
  /** Asks for a file with the system's dialog and stores its path in the settings; null when canceled. */
  chooseSshKeyFile: () => string | null
}

export type KeyRegistration = 'refused' | 'registered' | 'restarting'

export const terminalPlaces = ['own-window', 'at-pointer', 'main-window'] as const
export type TerminalPlace = (typeof terminalPlaces)[number]

/** Maximum characters of one input message; longer pastes are split. */
export const MAX_TYPED_CHARS = 8_000

const cells = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000))
const size = v.strictObject({ columns: cells, rows: cells })
const whole = v.pipe(v.number(), v.integer(), v.minValue(0))

export const terminalRequestSchemas = {
  terminals: v.tuple([]),
  openTerminal: v.tuple([podKeySchema]),
  splitTerminal: v.tuple([idSchema, v.picklist(['right', 'down'])]),
  resizePane: v.tuple([idSchema, v.pipe(v.number(), v.minValue(0), v.maxValue(1))]),
  closeTerminal: v.tuple([idSchema]),
  retryTerminal: v.tuple([idSchema]),
  renameTerminal: v.tuple([
    idSchema,
    v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_TERMINAL_NAME))),
  ]),
  moveTerminal: v.tuple([idSchema, v.pipe(whole, v.maxValue(1_000))]),
  placeTerminal: v.tuple([idSchema, v.picklist(terminalPlaces)]),
  showTerminalWindow: v.tuple([idSchema]),
  showQuestion: v.tuple([]),
  forgetHostKey: v.tuple([idSchema]),
  attachTerminal: v.tuple([idSchema, size]),
  detachTerminal: v.tuple([whole]),
  typeInTerminal: v.tuple([
    idSchema,
    v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_TYPED_CHARS)),
    v.picklist(['text', 'bytes']),
  ]),
  resizeTerminal: v.tuple([idSchema, size]),
  clearTerminal: v.tuple([idSchema]),
  ackTerminal: v.tuple([whole, v.pipe(whole, v.maxValue(2 * MAX_UNACKNOWLEDGED_BYTES))]),
  dismissTerminalNotice: v.tuple([idSchema]),
  notifyOfCommand: v.tuple([idSchema, v.boolean()]),
  openTerminalLink: v.tuple([idSchema, v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_LINK_CHARS))]),
  sshKeys: v.tuple([podKeySchema]),
  createSshKey: v.tuple([]),
  registerSshKey: v.tuple([idSchema, v.pipe(v.string(), v.maxLength(100)), v.nullable(idSchema)]),
  chooseSshKeyFile: v.tuple([]),
} satisfies { [K in keyof TerminalRequests]: v.GenericSchema<unknown, Parameters<TerminalRequests[K]>> }
