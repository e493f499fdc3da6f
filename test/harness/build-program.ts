import { join } from 'node:path'
import { build } from 'vite'
import { builtOnce } from './built-once'

/** Where a program of ours lies once it is built, as Node runs it by itself; it is built once for a run of the tests. */
export async function buildProgram(source: string): Promise<string> {
  const folder = await builtOnce(source, (outDir) =>
    build({
      configFile: false,
      logLevel: 'error',
      build: {
        ssr: source,
        outDir,
        rolldownOptions: {
          // As in the app: ssh2 does without.
          external: ['cpu-features', /\.node$/],
          output: { format: 'cjs', entryFileNames: 'program.cjs' },
        },
      },
      ssr: { noExternal: true },
    }),
  )
  return join(folder, 'program.cjs')
}
