import { existsSync, readFileSync } from 'node:fs'
import { delimiter, extname, join, resolve } from 'node:path'
import { playwright } from '@vitest/browser-playwright'
import type { Plugin } from 'vite'
import type { BrowserCommand, TestProject } from 'vitest/node'
import { axeSource } from '../../app/look/axe-source.mts'
import type { BuiltPages } from './build-pages'

/*
 * What the vitest project `browser` needs of Node. This file is loaded by every run of vitest, so what is large is
 * loaded when the first browser test needs it.
 */

const harness = (name: string): string => resolve('test/harness/browser/node', name)

const DEBIAN_CHROMIUM = 'chromium'

/** Debian's Chromium where it is installed, otherwise Chrome. Root can't use its sandbox. */
export function browserProvider(): ReturnType<typeof playwright> {
  const chromium = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, DEBIAN_CHROMIUM))
    .find((path) => existsSync(path))
  return playwright({
    launchOptions: {
      ...(chromium === undefined ? { channel: 'chrome' } : { executablePath: chromium }),
      // Scrollbars take room in the app too.
      ignoreDefaultArgs: ['--hide-scrollbars'],
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
    contextOptions: { reducedMotion: 'reduce', timezoneId: 'UTC', viewport: { width: 1_280, height: 900 } },
  })
}

interface SceneServer {
  handleSceneMessage(text: string): Promise<string>
}
let server: Promise<SceneServer> | undefined

function sceneServer(project: TestProject): Promise<SceneServer> {
  // electron-store asks the electron package for its binary, which would otherwise be downloaded.
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] ??= 'not-needed-here'
  return (server ??= project.import<SceneServer>(harness('scenes.ts')))
}

interface EmulatedMedia {
  readonly colorScheme?: 'light' | 'dark'
  readonly forcedColors?: 'active' | 'none'
}

/** What the mouse does, in CSS pixels of a frame. */
type MouseStep = 'down' | 'up' | { readonly x: number; readonly y: number }

/** Functions that tests in the browser call with `commands`. */
export const commands = {
  /** Loads and builds once per run what takes long, so that the first test is as quick as the others. */
  prepare: (async ({ project }) =>
    void (await Promise.all([buildPages(project), sceneServer(project)]))) as BrowserCommand<[]>,
  scene: (async ({ project }, text) =>
    (await sceneServer(project)).handleSceneMessage(text)) as BrowserCommand<[text: string]>,
  // By the debugger, as the page's policy refuses scripts of others.
  loadAxe: (async ({ page }, frameName) => {
    await page.frame({ name: frameName })?.evaluate(axeSource())
  }) as BrowserCommand<[frameName: string]>,
  mouse: (async ({ page }, frameName, steps) => {
    const frame = await page.frame({ name: frameName })?.frameElement()
    const box = await frame?.boundingBox()
    if (!frame || !box) throw new Error(`There is no frame ${frameName}.`)
    // Vitest may show the tests smaller than they are.
    const scale = box.width / Number(await frame.getAttribute('data-width'))
    for (const step of steps)
      if (step === 'down') await page.mouse.down()
      else if (step === 'up') await page.mouse.up()
      else await page.mouse.move(box.x + step.x * scale, box.y + step.y * scale, { steps: 3 })
  }) as BrowserCommand<[frameName: string, steps: readonly MouseStep[]]>,
  emulateMedia: (async ({ page }, media) => page.emulateMedia(media)) as BrowserCommand<
    [media: EmulatedMedia]
  >,
}

declare module 'vitest/browser' {
  interface BrowserCommands {
    /** See `handleSceneMessage`. */
    scene: (text: string) => Promise<string>
    prepare: () => Promise<void>
    loadAxe: (frameName: string) => Promise<void>
    mouse: (frameName: string, steps: readonly MouseStep[]) => Promise<void>
    emulateMedia: (media: EmulatedMedia) => Promise<void>
  }
}

const FOLDER = '/podkeeper-pages/'
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
}

const PRELOAD = 'preload.js'

/** The page, in which the preload script of tests runs before everything else. */
const withPreload = (html: string): string =>
  html.replace('<head>', `<head><script src="./${PRELOAD}"></script>`)

/** What is served, once a test needs it. */
let built: Promise<BuiltPages> | undefined

function buildPages(project: TestProject): Promise<BuiltPages> {
  return (built ??= project
    .import<{ buildPages(): Promise<BuiltPages> }>(harness('build-pages.ts'))
    .then((module) => module.buildPages()))
}

/** Serves the pages of the built app, each with the preload script of tests. */
export function pagesForTests(): Plugin {
  return {
    name: 'podkeeper-pages-for-tests',
    configureServer(vite) {
      vite.watcher.on('change', (path) => {
        if (path.startsWith(resolve('src'))) built = undefined
      })
      vite.middlewares.use((request, response, next) => {
        const { pathname } = new URL(request.url ?? '/', 'http://localhost')
        if (!pathname.startsWith(FOLDER)) return next()
        const name = pathname.slice(FOLDER.length)
        Promise.resolve(built)
          .then((folders) => {
            if (folders === undefined) throw new Error('Nothing is built yet.')
            response.setHeader('Content-Type', TYPES[extname(name)] ?? 'application/octet-stream')
            // Names of assets change with what is in them.
            if (name.startsWith('assets/')) response.setHeader('Cache-Control', 'max-age=31536000, immutable')
            const isPreload = name === PRELOAD
            const content = readFileSync(join(isPreload ? folders.preload : folders.pages, name))
            response.end(name.endsWith('.html') ? withPreload(content.toString()) : content)
          })
          .catch((cause: unknown) => {
            response.statusCode = 500
            response.end(String(cause))
          })
      })
    },
  }
}
