import { join } from 'node:path'
import { build } from 'vite'
import { builtOnce } from './built-once'

/** The path of a built program that Node can run, built once per test run. */
export async function buildProgram(source: string): Promise<string> {
  const folder = await builtOnce(source, (outDir) =>
    build({
      configFile: false,
      logLevel: 'error',
      build: {
        ssr: source,
        outDir,
        rolldownOptions: {
          // As in the app: optional for ssh2.
          external: ['cpu-features', /\.node$/],
          output: { format: 'cjs', entryFileNames: 'program.cjs' },
        },
      },
      ssr: { noExternal: true },
    }),
  )
  return join(folder, 'program.cjs')
}
