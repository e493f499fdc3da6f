import { createRunnableDevEnvironment, resolveConfig } from 'vite'
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
  const modules = await openModules()
  try {
    Object.assign(process.env, {
      WAYLAND_DISPLAY: '',
      ...session?.env,
      PODKEEPER_ELECTRON: electronPath(),
      // electron-store asks the electron package for its binary, which would otherwise be downloaded.
      ELECTRON_OVERRIDE_DIST_PATH: 'not-needed-here',
    })
    return await run(await modules.runner.import(inProject(path)))
  } finally {
    await modules.close()
    await session?.close()
  }
}

/** Like Vite's `runnerImport`, which ends too early for what is imported only when it is needed. */
async function openModules() {
  const config = {
    root: inProject(),
    configFile: false,
    envDir: false,
    cacheDir: inProject('.cache/vite'),
    environments: {
      bench: {
        consumer: 'server',
        dev: { moduleRunnerTransform: true },
        resolve: {
          external: true,
          // Node finds no named exports in the CommonJS of xterm.js, and its package.json names no other file.
          noExternal: [/^@xterm\//],
          mainFields: ['module'],
          conditions: ['node'],
        },
      },
    },
    resolve: {
      alias: {
        '@xterm/headless': inProject('node_modules/@xterm/headless/lib-headless/xterm-headless.mjs'),
      },
    },
  }
  const environment = createRunnableDevEnvironment('bench', await resolveConfig(config, 'serve'), {
    runnerOptions: { hmr: { logger: false } },
    hot: false,
  })
  await environment.init()
  return environment
}
