import { spawn } from 'node:child_process'
import { ok } from '../../core/base/result'
import type { UpdateInstaller } from './update-installer'

/** Starts a process that outlives this one. */
type StartDetached = (path: string, args: readonly string[]) => void

const startDetached: StartDetached = (path, args) =>
  spawn(path, args, { detached: true, stdio: 'ignore', windowsHide: true })
    // The version that is there goes on, and the next start offers the update again.
    .on('error', () => {})
    .unref()

/** The installer of Windows (NSIS): silent, it waits for the end of the app, and starts it again if asked to. */
export function createWindowsInstaller(start: StartDetached = startDetached): UpdateInstaller {
  return {
    stage: async () => ok(undefined),
    isCalledAtQuit: true,
    install(path, restarts) {
      start(path, ['/S', ...(restarts ? ['/RESTART'] : [])])
      return false
    },
  }
}
