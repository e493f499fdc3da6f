import { dirname, resolve } from 'node:path'
import { defineConfig } from 'electron-vite'
import react from '@vitejs/plugin-react'
import { recordBundledPackages } from './scripts/lib/bundled-packages.mjs'
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

interface LeftOut {
  readonly what: RegExp
  /** Which module asks for it; by default any. */
  readonly from?: RegExp
  readonly instead: string
}

/** Parts of libraries that main never gets to, at a fifth of the code that a start loads. */
const unused: readonly LeftOut[] = [
  // The validator of JSON schemas in electron-store, for an option not used here.
  {
    what: /^ajv(-formats)?(\/|$)/,
    instead: `export class Ajv2020 { constructor() { throw new Error('There is no validator in this build.') } }
      export default {}`,
  },
  // Versions in electron-store's migrations, which are not used here.
  {
    what: /^semver$/,
    from: /\/conf\//,
    instead: `const refuse = () => { throw new Error('There are no migrations in this build.') }
      export default { clean: refuse, eq: refuse, gt: refuse, lte: refuse, satisfies: refuse }`,
  },
  // XML in the D-Bus client: the description of our side of a connection, where nothing is offered, and proxies for
  // objects of others, which are not used here.
  {
    what: /^xml2js$/,
    instead: `export class Builder { buildObject() { return '<node/>' } }
      export class Parser { parseString(xml, done) { done(new Error('There is no XML in this build.')) } }`,
  },
]

const LEFT_OUT = '\0left-out:'

const withoutUnused = {
  name: 'podkeeper-without-unused',
  enforce: 'pre' as const,
  resolveId(id: string, importer?: string) {
    const at = unused.findIndex(({ what, from = /./ }) => what.test(id) && from.test(importer ?? ''))
    return at < 0 ? undefined : `${LEFT_OUT}${at}`
  },
  load: (id: string) =>
    id.startsWith(LEFT_OUT) ? unused[Number(id.slice(LEFT_OUT.length))]?.instead : undefined,
}

/** Windows are in English, so their components don't bring other languages. */
const inEnglish = {
  name: 'podkeeper-in-english',
  enforce: 'pre' as const,
  resolveId(id: string, importer?: string) {
    const [, folder, name] =
      /^(.*\/intl\/[\w-]+\/)([a-z]{2}-[A-Z]{2}\.m?js)$/.exec(resolve(dirname(importer ?? '/'), id)) ?? []
    if (folder === undefined || name === undefined || !folder.includes('/node_modules/')) return undefined
    return `${folder}${name.replace(/^[^.]+/, 'en-US')}`
  },
}

/**
 * A schema beside what a page uses is left out of it: the bundler doesn't see by itself that to make one has no effect.
 */
const unusedSchemas = {
  name: 'podkeeper-unused-schemas',
  enforce: 'pre' as const,
  transform: (code: string, id: string) =>
    /\/src\/.*\.tsx?$/.test(id) && code.includes("import * as v from 'valibot'")
      ? code.replaceAll(/(?<![\w.$])v\.(?!parse\b|safeParse\b|is\b|assert\b)\w+\(/g, '/* @__PURE__ */ $&')
      : undefined,
}

/**
 * V8 keeps the source text of what it runs, and two bytes for each character of a file once one of them isn't Latin-1.
 * Names and lines stay, for readable stacks.
 */
const compact = { charset: 'ascii', comments: { legal: true, annotation: false, jsdoc: false } } as const

/** Where releases are announced, and the key of who may do so. Without both, a build looks for none and says so. */
function releaseFeed(): { readonly url: string; readonly publicKey: string } | null {
  const { PODKEEPER_RELEASE_FEED: url = '', PODKEEPER_RELEASE_KEY: publicKey = '' } = process.env
  if (url === '' && publicKey === '') return null
  if (!url.startsWith('https://') || publicKey === '')
    throw new Error('Set both PODKEEPER_RELEASE_FEED, an https address, and PODKEEPER_RELEASE_KEY, or none.')
  return { url, publicKey }
}

export default defineConfig({
  main: {
    plugins: [withoutUnused, recordBundledPackages('main')],
    define: { PODKEEPER_RELEASE_FEED: JSON.stringify(releaseFeed()) },
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
        output: { format: 'cjs', entryFileNames: '[name].js', ...compact },
      },
    },
  },
  preload: {
    plugins: [recordBundledPackages('preload')],
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
    plugins: [
      react(),
      policyInPages,
      newerFonts,
      inEnglish,
      unusedSchemas,
      recordBundledPackages('renderer'),
    ],
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
        output: { charset: 'ascii' },
      },
    },
  },
})
