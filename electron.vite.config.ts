import { resolve } from 'node:path'
import { defineConfig } from 'electron-vite'
import react from '@vitejs/plugin-react'
import { pagePolicy } from './src/main/hardening/content-security-policy'

// Syntax is lowered to what the test runtime (Electron 25: Node 18.15, Chromium 114) understands;
// releases run on the Electron of package.json. See docs/decisions/0003-two-electrons.md.
const NODE = 'node18.15'
const CHROME = 'chrome114'

/** Injects the content security policy, defined in one file, into every page. */
const policyInPages = {
  name: 'podkeeper-policy-in-pages',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: pagePolicy },
      injectTo: 'head-prepend' as const,
    },
  ],
}

/** Keeps only woff2 fonts; Chromium never reads the older format, which would enlarge the package. */
const newerFonts = {
  name: 'podkeeper-newer-fonts',
  enforce: 'pre' as const,
  transform: (code: string, id: string) =>
    /@fontsource\/.*\.css$/.test(id)
      ? code.replaceAll(/,\s*url\([^)]*\.woff\)\s*format\('woff'\)/g, '')
      : undefined,
}

/** Leaves out the validator of JSON schemas in electron-store: a sixth of main's code, for an option not used here. */
const withoutSchemas = {
  name: 'podkeeper-without-schemas',
  enforce: 'pre' as const,
  resolveId: (id: string) => (/^ajv(-formats)?(\/|$)/.test(id) ? '\0no-schemas' : undefined),
  load: (id: string) =>
    id === '\0no-schemas'
      ? `export class Ajv2020 { constructor() { throw new Error('There is no validator in this build.') } }
         export default {}`
      : undefined,
}

export default defineConfig({
  main: {
    plugins: [withoutSchemas],
    build: {
      externalizeDeps: false,
      target: NODE,
      sourcemap: true,
      rolldownOptions: {
        input: {
          index: resolve('src/main/index.ts'),
          notify: resolve('src/node/notifications/notification-worker.ts'),
          terminal: resolve('src/terminal-process/index.ts'),
          unlock: resolve('src/ssh/keys/unlock-worker.ts'),
        },
        // Optional native accelerators of ssh2, which are never built here, and an optional part of the D-Bus
        // client for buses announced by an X server only.
        external: ['cpu-features', /\.node$/, 'x11'],
        output: { format: 'cjs', entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      // A sandboxed preload can require only electron, so everything else is bundled into it.
      externalizeDeps: false,
      target: NODE,
      rolldownOptions: {
        // The two must not share runtime code: it would be emitted as a third file, which a sandboxed preload
        // can't load.
        input: { index: resolve('src/preload/index.ts'), confirm: resolve('src/preload/confirm.ts') },
        output: { format: 'cjs', entryFileNames: '[name].js' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react(), policyInPages, newerFonts],
    build: {
      target: CHROME,
      minify: 'oxc',
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: {
          index: resolve('src/renderer/index.html'),
          window: resolve('src/renderer/window.html'),
          recovery: resolve('src/renderer/recovery.html'),
          confirm: resolve('src/renderer/confirm.html'),
        },
      },
    },
  },
})
