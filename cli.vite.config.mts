import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig } from 'vite'

const { version } = JSON.parse(readFileSync(resolve('package.json'), 'utf8')) as { version: string }

// The CLI runs on plain Node, of the version in package.json's `engines`.
export default defineConfig({
  define: { PODKEEPER_VERSION: JSON.stringify(version) },
  // Both load files from their own package folder, so they can't be bundled.
  ssr: { noExternal: true, external: ['node-notifier', 'ssh2'] },
  build: {
    ssr: true,
    target: 'node20.19',
    outDir: 'out/cli',
    sourcemap: true,
    rolldownOptions: {
      input: {
        podkeeper: resolve('src/cli/index.ts'),
        notify: resolve('src/node/notifications/notification-worker.ts'),
      },
      output: {
        format: 'es',
        entryFileNames: '[name].mjs',
        chunkFileNames: '[name].mjs',
        banner: ({ name }) => (name === 'podkeeper' ? '#!/usr/bin/env node' : ''),
      },
    },
  },
})
