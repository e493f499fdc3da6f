import { runnerImport } from 'vite'
import { buildApp } from './lib/build.mjs'
import { openDesktopSession } from './lib/desktop-session.mjs'
import { electronPath } from './lib/electron.mjs'
import { inProject } from './lib/project.mjs'
import { runCommand } from './lib/log.mjs'
import { setUp } from './set-up.mjs'

/**
 * `npm run bench [-- GROUP or GROUP/PART …]`: measures the built app beside its baselines, on Linux in a
 * desktop session of its own. Results never fail the command; only a benchmark that can't run does.
 */
await runCommand(async () => {
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
    const { module } = await runnerImport(inProject('bench/run.ts'), {
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
    return await module.runBench(process.argv.slice(2), inProject())
  } finally {
    await session?.close()
  }
})
