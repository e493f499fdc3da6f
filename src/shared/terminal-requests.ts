import * as v from 'valibot'
import {
  MAX_TERMINAL_NAME,
  MAX_UNACKNOWLEDGED_BYTES,
  type TerminalId,
  type TerminalSize,
  type TerminalSnapshot,
  type TerminalsView,
} from '../core/terminal/terminal'
import type { LocalSshKey, SshKeysView } from '../core/terminal/ssh-keys'

/** The part of the contract that is about terminals. No passphrase and no private key is ever in it. */
export interface TerminalRequests {
  terminals: () => TerminalsView
  /** A new session on the pod; the window is shown at it. */
  openTerminal: (podId: string) => TerminalId
  /** Ends the session and its tab. */
  closeTerminal: (terminalId: string) => void
  /** Connects again: one that failed, ended, or waits. */
  retryTerminal: (terminalId: string) => void
  /** Null: back to the pod's name. */
  renameTerminal: (terminalId: string, name: string | null) => void
  /** To this place among the tabs, from 0. */
  moveTerminal: (terminalId: string, index: number) => void
  /** `fingerprint`: of the key that was shown; the answer counts for no other. */
  answerHostKey: (terminalId: string, fingerprint: string, isTrusted: boolean) => void
  /** Brings the small window that asks for a passphrase to the front. */
  showPassphrasePrompt: (terminalId: string) => void
  /** Forgets the key by which the server of a blocked terminal was known; `podName` has to be the pod's. */
  forgetHostKey: (terminalId: string, podName: string) => void
  /** From now on its output goes to the main window. */
  attachTerminal: (terminalId: string, size: TerminalSize) => TerminalSnapshot
  detachTerminal: (attachment: number) => void
  /** What is typed: text, or bytes as the characters U+0000 to U+00FF. */
  typeInTerminal: (terminalId: string, text: string, as: 'text' | 'bytes') => void
  resizeTerminal: (terminalId: string, size: TerminalSize) => void
  /** Forgets what it showed, but for the line of the cursor; its window does so by itself. */
  clearTerminal: (terminalId: string) => void
  /** So many bytes more of the output are drawn. */
  ackTerminal: (attachment: number, bytes: number) => void
  /** What a program on the pod asked to copy (OSC 52), after a person allowed it. */
  copyFromTerminal: (terminalId: string, text: string) => void
  /** Opens an https address in the browser. */
  openTerminalLink: (url: string) => void
  /** The keys here and at the provider, and what is likely wrong. */
  sshKeys: (podId: string) => SshKeysView
  /** Makes an ed25519 key beside the others of this computer. */
  createSshKey: () => LocalSshKey
  /** Adds the public key to those of the account, which stay. */
  registerSshKey: (fingerprint: string) => void
  /** Asks which file, by the system's dialog, and keeps its path as the setting; null: cancelled. */
  chooseSshKeyFile: () => string | null
}

/** The most characters of what is typed at once; a longer paste goes in parts. */
export const MAX_TYPED_CHARS = 8_000

/** The most characters that a program may copy. */
export const MAX_COPIED_CHARS = 25_000

const cells = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000))
const size = v.strictObject({ columns: cells, rows: cells })
const whole = v.pipe(v.number(), v.integer(), v.minValue(0))

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(200))

export const terminalRequestSchemas = {
  terminals: v.tuple([]),
  openTerminal: v.tuple([id]),
  closeTerminal: v.tuple([id]),
  retryTerminal: v.tuple([id]),
  renameTerminal: v.tuple([
    id,
    v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_TERMINAL_NAME))),
  ]),
  moveTerminal: v.tuple([id, v.pipe(whole, v.maxValue(1_000))]),
  answerHostKey: v.tuple([id, v.pipe(v.string(), v.maxLength(100)), v.boolean()]),
  showPassphrasePrompt: v.tuple([id]),
  forgetHostKey: v.tuple([id, v.pipe(v.string(), v.maxLength(300))]),
  attachTerminal: v.tuple([id, size]),
  detachTerminal: v.tuple([whole]),
  typeInTerminal: v.tuple([
    id,
    v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_TYPED_CHARS)),
    v.picklist(['text', 'bytes']),
  ]),
  resizeTerminal: v.tuple([id, size]),
  clearTerminal: v.tuple([id]),
  ackTerminal: v.tuple([whole, v.pipe(whole, v.maxValue(2 * MAX_UNACKNOWLEDGED_BYTES))]),
  copyFromTerminal: v.tuple([id, v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_COPIED_CHARS))]),
  openTerminalLink: v.tuple([v.pipe(v.string(), v.maxLength(2_000))]),
  sshKeys: v.tuple([id]),
  createSshKey: v.tuple([]),
  registerSshKey: v.tuple([v.pipe(v.string(), v.maxLength(100))]),
  chooseSshKeyFile: v.tuple([]),
} satisfies { [K in keyof TerminalRequests]: v.GenericSchema<unknown, Parameters<TerminalRequests[K]>> }
