import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig, normalizePath } from 'vite'
import { recordBundledPackages } from './scripts/lib/bundled-packages.mjs'
import { placeBuild } from './scripts/lib/place-build.mjs'

const { version } = JSON.parse(readFileSync(resolve('package.json'), 'utf8')) as { version: string }

const input = {
  podkeeper: resolve('src/cli/index.ts'),
  notify: resolve('src/node/notifications/notification-worker.ts'),
}
/** The programs themselves are imported by nothing, since what they wait for would wait for them. */
const isShareable = (id: string): boolean => !Object.values(input).map(normalizePath).includes(id)
/** What opens keys and connections loads ssh2, which most commands don't need and a bare copy of the program lacks. */
const loadsSsh2 = (id: string): boolean => /\/src\/ssh\/(connection\/|keys\/(?!public-key))/.test(id)

/** Builds at the same time share nothing until they are finished. */
const staged = resolve(`out/cli/builds/.new-${process.pid}`)

// The CLI runs on plain Node, of the version in package.json's `engines`.
export default defineConfig({
  plugins: [
    recordBundledPackages('cli'),
    {
      name: 'podkeeper-placed-build',
      closeBundle: {
        order: 'post',
        sequential: true,
        handler: () => void placeBuild(resolve('out/cli'), staged, version),
      },
    },
  ],
  define: { PODKEEPER_VERSION: JSON.stringify(version) },
  // Both load files from their own package folder, so they can't be bundled.
  ssr: { noExternal: true, external: ['node-notifier', 'ssh2'] },
  build: {
    ssr: true,
    target: 'node20.19',
    outDir: staged,
    sourcemap: true,
    rolldownOptions: {
      input,
      output: {
        format: 'es',
        entryFileNames: '[name].mjs',
        chunkFileNames: '[name].mjs',
        // Reading and compiling is what a short command spends most of its time on: text of one byte per character,
        // without comments, and in few files.
        charset: 'ascii',
        comments: { annotation: false, jsdoc: false },
        codeSplitting: {
          groups: [
            // Of both programs.
            { name: 'notification', test: /spawn-notification/, priority: 2 },
            { name: 'start', tags: ['$initial'], test: isShareable, priority: 1 },
            // What the most frequent command loads, and nothing else: others need most of it, too.
            {
              name: 'status',
              test: (id: string) =>
                /\/src\/cli\/handlers\/(read\/status-command|context\/cli-context)/.test(id),
              priority: 1,
            },
            {
              name: 'shared',
              minShareCount: 6,
              test: (id: string) => isShareable(id) && !loadsSsh2(id),
            },
          ],
        },
      },
    },
  },
})
