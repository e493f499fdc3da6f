import { openDesktopSessions } from './desktop-session.mjs'
import { electronPath } from './electron.mjs'
import { testRuntimePath } from './test-runtime.mjs'
import { keepTemporaryFilesInMemory } from './temporary-files.mjs'
import { runVitest } from './vitest.mjs'

export const DEFAULT_WORKERS = 3

/**
 * Runs the end-to-end tests against the built app. On Linux, `workers` test files run at a time, each in its
 * own desktop session; elsewhere one at a time on the current desktop. `filters` are passed to vitest.
 * Resolves to the result of `runVitest`.
 */
export function runEndToEndTests({ filters, isShown, workers = DEFAULT_WORKERS }) {
  return withDesktop(workers, (desktop) => {
    const env = filters.length > 0 ? withScreenshots(desktop.env) : desktop.env
    return runVitest({ project: 'e2e', filters, isShown, ...desktop, env })
  })
}

/** The environment in which tests write pictures to `screenshots/`: for people who chose tests, and will look. */
export const withScreenshots = (env) => ({ ...env, PODKEEPER_SCREENSHOTS: '1' })

/**
 * Resolves to what `run` makes of `workers` and `env`: for at most so many test files at a time, each in a desktop
 * session of its own, which ends with it. Elsewhere than on Linux there is one worker, on the current desktop.
 */
export async function withDesktop(workers, run) {
  keepTemporaryFilesInMemory()
  const desktop = process.platform === 'linux' ? await openDesktopSessions(workers) : null
  const close = async () => desktop?.close()
  const onSignal = (signal) => {
    void close().then(() => process.exit(signal === 'SIGINT' ? 130 : 143))
  }
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  try {
    const env = {
      ...process.env,
      ...desktop?.env,
      WAYLAND_DISPLAY: '',
      PODKEEPER_ELECTRON: electronPath(),
      // Empty where there is none: then no picture can be compared, and its tests are skipped.
      PODKEEPER_PICTURES_ELECTRON: testRuntimePath() ?? '',
      // Each worker picks one: see test/harness/setup/worker-session.ts.
      PODKEEPER_TEST_SESSIONS: JSON.stringify(desktop?.envs ?? []),
    }
    return await run({ workers: desktop?.envs.length ?? 1, env })
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
    await close()
  }
}
