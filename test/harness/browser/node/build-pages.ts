import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import { appBuildFolder, buildAppIfStale } from '../../../../scripts/lib/build.mjs'

/** Where the pages of the built app lie, and the preload script of tests. */
export interface BuiltPages {
  readonly pages: string
  readonly preload: string
}

/** Builds what is stale of the app, and the preload script of tests, whose folder is removed at the end. */
export async function buildPages(): Promise<BuiltPages> {
  const preload = mkdtempSync(join(tmpdir(), 'preload-'))
  process.once('exit', () => rmSync(preload, { recursive: true, force: true }))
  await buildAppIfStale()
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: preload,
      emptyOutDir: false,
      lib: {
        entry: resolve('test/harness/browser/frame-preload.ts'),
        formats: ['iife'],
        name: 'testPreload',
        fileName: () => 'preload.js',
      },
    },
  })
  return { pages: join(appBuildFolder(), 'renderer'), preload }
}
