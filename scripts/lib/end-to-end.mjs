import { electronPath } from './electron.mjs'
import { inProject } from './project.mjs'
import { run } from './run.mjs'
import { openDesktopSession } from './desktop-session.mjs'

/**
 * Runs the end-to-end tests against the built app, on Linux inside a desktop of their own; elsewhere on the
 * present one. `filters` are vitest's. The result is that of `run`.
 */
export async function runEndToEndTests(filters, { isShown }) {
  const session = process.platform === 'linux' ? await openDesktopSession() : null
  const close = async () => session?.close()
  const interrupted = (signal) => {
    void close().then(() => process.exit(signal === 'SIGINT' ? 130 : 143))
  }
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  try {
    const vitest = inProject('node_modules/vitest/vitest.mjs')
    const env = { ...process.env, WAYLAND_DISPLAY: '', ...session?.env, PODKEEPER_ELECTRON: electronPath() }
    const args = [vitest, 'run', '--project', 'e2e', ...filters]
    return await run(process.execPath, args, { cwd: inProject(), env, isShown })
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
    await close()
  }
}
