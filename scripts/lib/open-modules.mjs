import { createRunnableDevEnvironment, resolveConfig } from 'vite'
import { inProject } from './project.mjs'

/**
 * Runs TypeScript modules of the checkout without a build. `import` resolves to the module at a path. It is closed only
 * after the last of them was imported, some of which are when they are needed: Vite's `runnerImport` ends too early for
 * those.
 */
export async function openModules() {
  const config = {
    root: inProject(),
    configFile: false,
    envDir: false,
    cacheDir: inProject('.cache/vite'),
    environments: {
      modules: {
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
  const environment = createRunnableDevEnvironment('modules', await resolveConfig(config, 'serve'), {
    runnerOptions: { hmr: { logger: false } },
    hot: false,
  })
  await environment.init()
  return {
    import: (path) => environment.runner.import(inProject(path)),
    close: () => environment.close(),
  }
}
