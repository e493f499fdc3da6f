import type { Readable, Writable } from 'node:stream'
import type { Alert, Delivery } from '../../core/alerts/alert'

export type StandardInput = Readable & { readonly isTTY?: boolean }

/** `columns` and `rows` are those of a terminal. */
export type StandardOutput = Writable & {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

/** Signals, "exit" and "uncaughtExceptionMonitor", as `process` has them. */
export interface ProcessEvents {
  on(event: string, listener: () => void): unknown
  once(event: string, listener: () => void): unknown
  off(event: string, listener: () => void): unknown
}

/**
 * All that a run of the command line uses of its process. A run neither reads nor changes anything else of it, so that
 * several can share a process.
 */
export interface CliProcess {
  /** Without the program itself. */
  readonly args: readonly string[]
  /** The keys of accounts are removed from it at the start, so that no child process inherits them. */
  readonly env: NodeJS.ProcessEnv
  readonly stdin: StandardInput
  readonly stdout: StandardOutput
  readonly stderr: StandardOutput
  readonly events: ProcessEvents
  /** Stops the process until it gets SIGCONT. */
  readonly suspend: () => void
  /** The path by which others start this program. */
  readonly programPath: string
  /** The folder of this build of it. */
  readonly buildFolder: string
  /** Shows an alert on the desktop. */
  readonly showNotification: (alert: Alert) => Promise<Delivery>
  /** Where bots of Telegram are; absent: at Telegram. Only tests have another one. */
  readonly telegramOrigin?: string | undefined
}
