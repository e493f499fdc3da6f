import type { App } from 'electron'
import type { Log } from './log'

export interface ErrorHandlers {
  /** Something threw where nobody expected it; whatever stands still because of that must be set going again. */
  readonly onError: () => void
  /** The system asks to end. */
  readonly onSignal: (signal: string) => void
}

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/** Variables whose values are nobody's business, whatever they are for. */
const SECRET_VARIABLE = /key|token|secret|passw|credential|auth/i

/**
 * Hears of what goes wrong around the app. An error that nothing caught is noted and the watch goes on: ending would
 * leave the pods without anybody.
 */
export function installErrorHandlers(app: App, log: Log, { onError, onSignal }: ErrorHandlers): void {
  for (const [name, value] of Object.entries(process.env))
    if (SECRET_VARIABLE.test(name) && value !== undefined) log.hide(value)
  process.on('uncaughtException', (cause) => {
    log.error('An error was not caught', cause)
    onError()
  })
  process.on('unhandledRejection', (cause) => {
    log.error('A failure was not heard', cause)
    onError()
  })
  for (const signal of SIGNALS) {
    // A library has listened since before Electron installed its own handlers, and those would stay in place: a signal would
    // then quit as the user does, who is asked while a terminal is open.
    process.removeAllListeners(signal)
    process.on(signal, () => onSignal(signal))
  }
  // The terminal that started it may be closed; what is said there is lost, and nothing else.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  app.on('child-process-gone', (_event, { type, reason, exitCode, name }) => {
    if (reason === 'clean-exit') return
    log.warn(`A process of Electron's is gone: ${name ?? type} (${reason}, code ${exitCode})`)
  })
}
