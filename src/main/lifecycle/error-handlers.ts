import type { App } from 'electron'
import { lifecycleText } from './lifecycle-text'
import type { Log } from './log'

export interface ErrorHandlers {
  /** Called after an uncaught error, to restart whatever it stopped. */
  readonly onError: () => void
  /** Called when the system requests to terminate. */
  readonly onSignal: (signal: string) => void
}

export const TERMINAL_PROCESS_NAME = lifecycleText.terminalProcess

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/** Variables with these names may contain secrets. */
const SECRET_VARIABLE = /key|token|secret|passw|credential|auth/i

/**
 * Logs errors of the whole app. After an uncaught error the app keeps running, because exiting would leave
 * the pods unwatched.
 */
export function installErrorHandlers(app: App, log: Log, { onError, onSignal }: ErrorHandlers): void {
  for (const [name, value] of Object.entries(process.env))
    if (SECRET_VARIABLE.test(name) && value !== undefined) log.hide(value)
  process.on('uncaughtException', (cause) => {
    log.error('An exception was not caught', cause)
    onError()
  })
  process.on('unhandledRejection', (cause) => {
    log.error('A rejection was not handled', cause)
    onError()
  })
  for (const signal of SIGNALS) {
    // A dependency installs signal listeners before Electron does. They would treat a signal like a quit by
    // the user, which shows a prompt while a terminal is open.
    process.removeAllListeners(signal)
    process.on(signal, () => onSignal(signal))
  }
  // The parent terminal may be closed; output to it is then discarded.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  app.on('child-process-gone', (_event, { type, reason, exitCode, name }) => {
    // The process of the terminals is killed with the last of them; any other end is reported there.
    if (reason === 'clean-exit' || name === TERMINAL_PROCESS_NAME) return
    log.warn(`A process of Electron's is gone: ${name ?? type} (${reason}, code ${exitCode})`)
  })
}
