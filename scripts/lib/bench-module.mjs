import { runnerImport } from 'vite'
import { buildApp } from './build.mjs'
import { openDesktopSession } from './desktop-session.mjs'
import { electronPath } from './electron.mjs'
import { inProject } from './project.mjs'
import { setUp } from '../set-up.mjs'

/**
 * Builds the app, imports the module at `path` in the checkout, and resolves to what `run` makes of it, on Linux in a
 * desktop session of its own.
 */
export async function withBenchModule(path, run) {
  await setUp({ forTests: true })
  await buildApp()
  const session = process.platform === 'linux' ? await openDesktopSession() : null
  try {
    Object.assign(process.env, {
      WAYLAND_DISPLAY: '',
      ...session?.env,
      PODKEEPER_ELECTRON: electronPath(),
      // electron-store asks the electron package for its binary, which would otherwise be downloaded.
      ELECTRON_OVERRIDE_DIST_PATH: 'not-needed-here',
    })
    const { module } = await runnerImport(inProject(path), {
      root: inProject(),
      configFile: false,
      // Node finds no named exports in the CommonJS of xterm.js, and its package.json names no other file.
      ssr: { noExternal: [/^@xterm\//] },
      resolve: {
        alias: {
          '@xterm/headless': inProject('node_modules/@xterm/headless/lib-headless/xterm-headless.mjs'),
        },
      },
    })
    return await run(module)
  } finally {
    await session?.close()
  }
}
