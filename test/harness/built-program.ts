import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { build } from 'vite'

/** Where a program of ours lies once it is built, as Node runs it by itself; it goes with the tests of the file. */
export async function builtProgram(source: string): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'podkeeper-program-'))
  afterAll(() => rmSync(outDir, { recursive: true, force: true }))
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: source,
      outDir,
      emptyOutDir: false,
      rolldownOptions: {
        // As in the app: ssh2 does without.
        external: ['cpu-features', /\.node$/],
        output: { format: 'cjs', entryFileNames: 'program.cjs' },
      },
    },
    ssr: { noExternal: true },
  })
  return join(outDir, 'program.cjs')
}
