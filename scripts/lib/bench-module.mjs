import { buildApp } from './build.mjs'
import { openDesktopSession } from './desktop-session.mjs'
import { electronPath } from './electron.mjs'
import { openModules } from './open-modules.mjs'
import { setUp } from '../set-up.mjs'

/**
 * Builds the app, imports the module at `path` in the checkout, and resolves to what `run` makes of it, on Linux in a
 * desktop session of its own.
 */
export async function withBenchModule(path, run) {
  await setUp({ forTests: true })
  await buildApp()
  const session = process.platform === 'linux' ? await openDesktopSession() : null
  const modules = await openModules()
  try {
    Object.assign(process.env, {
      WAYLAND_DISPLAY: '',
      ...session?.env,
      PODKEEPER_ELECTRON: electronPath(),
      // electron-store asks the electron package for its binary, which would otherwise be downloaded.
      ELECTRON_OVERRIDE_DIST_PATH: 'not-needed-here',
    })
    return await run(await modules.import(path))
  } finally {
    await modules.close()
    await session?.close()
  }
}
