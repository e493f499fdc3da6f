import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build, type InlineConfig, type Plugin } from 'vite'
import electronVite from '../../../../electron.vite.config'

/** Loads the preload script of tests before everything else of a page. */
const testPreload: Plugin = {
  name: 'podkeeper-test-preload',
  transformIndexHtml: () => [
    { tag: 'script', attrs: { src: './preload.js' }, injectTo: 'head-prepend' as const },
  ],
}

/**
 * React's development build without the stacks of who created each element, which would take a sixth of the processor
 * time of a test. Its warnings stay.
 */
const withoutOwnerStacks: Plugin = {
  name: 'podkeeper-without-owner-stacks',
  transform: (code, id) =>
    /\/node_modules\/react(-dom)?\/cjs\//.test(id)
      ? code.replaceAll(/\brecentlyCreatedOwnerStacks( =|:) 0\b/g, 'recentlyCreatedOwnerStacks$1 1e9')
      : undefined,
}

/**
 * Renders once, as in the app. In React's development build `StrictMode` renders and connects everything twice, so that
 * windows would ask for everything twice.
 */
const withoutStrictMode: Plugin = {
  name: 'podkeeper-without-strict-mode',
  enforce: 'pre',
  transform: (code, id) =>
    id.includes('/src/renderer/')
      ? code.replace(/\bStrictMode \} from 'react'/, "Fragment as StrictMode } from 'react'")
      : undefined,
}

/** Builds the pages and the preload script of tests; resolves to their folder, which is removed at the end. */
export async function buildPages(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'pages-'))
  process.once('exit', () => rmSync(outDir, { recursive: true, force: true }))
  const { renderer } = electronVite as { readonly renderer: InlineConfig }
  // As electron-vite does for development.
  const common = {
    configFile: false,
    logLevel: 'error',
    mode: 'development',
    define: { 'process.env.NODE_ENV': '"development"' },
  } as const
  await build({
    ...common,
    root: resolve(renderer.root ?? ''),
    base: './',
    plugins: [renderer.plugins, testPreload, withoutOwnerStacks, withoutStrictMode],
    build: { ...renderer.build, outDir, emptyOutDir: false, minify: false, modulePreload: false },
  })
  await build({
    ...common,
    build: {
      outDir,
      emptyOutDir: false,
      lib: {
        entry: resolve('test/harness/browser/frame-preload.ts'),
        formats: ['iife'],
        name: 'testPreload',
        fileName: () => 'preload.js',
      },
    },
  })
  return outDir
}
