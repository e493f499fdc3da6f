import { join } from 'node:path'
import { utilityProcess } from 'electron'
import { TERMINAL_PROCESS_NAME } from '../../lifecycle/error-handlers'
import type { TerminalProcess } from './terminal-process'

/** The text of full scrollbacks takes far less; cells are stored outside of the heap. */
const MAX_HEAP_MB = 512

/** Starts the terminal process, without the environment of the app. */
export function startTerminalProcess(): TerminalProcess {
  const systemRoot = process.env['SystemRoot']
  const child = utilityProcess.fork(join(__dirname, 'terminal.js'), [], {
    // An empty one would stand for that of the app. Windows' libraries need to know where it is.
    env: { LANG: 'C', ...(systemRoot !== undefined && { SystemRoot: systemRoot }) },
    // As a switch of Chromium's, because Node's own option has no effect here.
    execArgv: [`--js-flags=--max-old-space-size=${MAX_HEAP_MB}`],
    stdio: 'ignore',
    serviceName: TERMINAL_PROCESS_NAME,
  })
  return {
    post: (request) => child.postMessage(request),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.on('exit', listener),
    kill() {
      if (child.pid === undefined) child.once('spawn', kill)
      else kill()
    },
  }

  /** Unlike `child.kill()` it ends a process that hangs. */
  function kill(): void {
    try {
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
    } catch {
      // It has already ended.
    }
  }
}
