import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { launchForPictures, type RunningApp } from '../start/launch'
import { prepareForStates } from '../states/show-state'
import { loadAxe } from './axe'
import { type BaselineImages, openBaselines } from './baseline'

/** One app for all pictures, in the Electron of the baselines. */
export interface PictureApp {
  readonly running: RunningApp
  readonly popover: Page
  readonly main: Page
  readonly baselines: BaselineImages
  /** What the windows wrote to the console in this test, without what xterm.js says of its speed on a busy machine. */
  consoleMessages(): readonly string[]
}

/** What xterm.js warns of on a busy machine: how long one of its tasks took. */
const IS_ABOUT_SPEED = /^task queue exceeded allotted deadline by \d+ms$/

/** To be called once in a test file; the returned function gives the app once its tests run. */
export function usePictureApp(): () => PictureApp {
  let app: PictureApp | undefined
  let messages: string[] = []
  beforeAll(async () => {
    const running = await launchForPictures({ env: { TZ: 'UTC' } })
    const popover = await running.popover()
    await popover.evaluate("window.app.openWindow('pods')")
    const main = await running.mainWindow()
    for (const page of [popover, main]) {
      page.on('console', (message) => {
        if (!IS_ABOUT_SPEED.test(message.text())) messages.push(message.text())
      })
      page.on('pageerror', (error) => messages.push(error.message))
    }
    const baselines = await openBaselines(popover)
    app = { running, popover, main, baselines, consoleMessages: () => messages }
  })
  afterAll(() => app?.running.close())
  beforeEach(() => void (messages = []))
  return () => {
    if (app === undefined) throw new Error('The app for pictures is open while tests run.')
    return app
  }
}

/**
 * Gives the windows a fresh page each, without what earlier tests left in it, and `stored` in their storage. Where they
 * show states: see `show-state.ts`.
 */
export async function resetPages(
  { running, popover, main }: PictureApp,
  stored: Readonly<Record<string, string>> = {},
): Promise<void> {
  const pages = { 'index.html': popover, 'window.html': main }
  for (const [file, page] of Object.entries(pages)) {
    await page.emulateMedia({ colorScheme: null, forcedColors: null })
    await page.evaluate(`localStorage.clear(); Object.assign(localStorage, ${JSON.stringify(stored)})`)
    await page.goto(`podkeeper://app/${file}`)
    await prepareForStates(running.app, page)
    await loadAxe(page)
  }
}
