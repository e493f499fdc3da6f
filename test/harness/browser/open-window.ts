import type { AxeResults } from 'axe-core'
import { type BrowserCommands, commands, type FrameLocator, type Locator, page } from 'vitest/browser'
import type { PageName } from '../../../src/shared/ipc'
import type { OpenScene, BrowserScene } from './scene'
import type { WindowFile } from './scene-contract'
import { waitUntil } from './wait-until'

/* A window of the app in a frame of its own, with the real page, its real styles and its real policy. */

const PAGES = {
  main: 'window.html',
  popover: 'index.html',
  confirmation: 'confirm.html',
} as const satisfies Record<string, WindowFile>

/** As the app opens them. */
const SIZES = {
  main: { width: 1_180, height: 820 },
  popover: { width: 400, height: 720 },
  confirmation: { width: 480, height: 400 },
} as const

export interface WindowOptions {
  readonly width?: number
  readonly height?: number
  /** The page of the main window that it opens at, and what to show there. Default: the pods. */
  readonly page?: PageName
  readonly about?: string
  /** Of dates and numbers, such as "de-DE". Default: that of the texts. */
  readonly locale?: string
  /** What the window remembered of an earlier run. Default: nothing. */
  readonly keepsStorage?: boolean
}

/** A window of the app. Its locators are those of its page. */
export interface TestWindow extends FrameLocator {
  readonly document: Document
  /** The page's own global, for what no locator reads. */
  readonly global: Window & typeof globalThis
  /** Gives the focus to an element that is there, as the Tab key would. */
  readonly focusOn: (locator: Locator) => void
  /** Moves the mouse, in CSS pixels of the window, and presses and releases its button. */
  readonly mouse: (...steps: Parameters<BrowserCommands['mouse']>[1]) => Promise<void>
  /** The size in CSS pixels: at 200% of zoom, a window is half as large. */
  readonly resize: (width: number, height?: number) => void
  readonly setColorScheme: (scheme: 'light' | 'dark') => Promise<void>
  /** How much of the page, and of each table's room, doesn't fit, pixels. */
  readonly overflow: () => { readonly page: number; readonly tables: readonly number[] }
  readonly axeFaults: (rules: 'all' | 'contrast') => Promise<readonly string[]>
  /** Resolves once the page was laid out and drawn after what was done before. */
  readonly nextFrame: () => Promise<void>
  readonly text: () => string
  readonly close: () => void
}

declare module 'vitest/browser' {
  interface LocatorSelectors {
    /** For what people and screen readers find by nothing else. */
    getByCss: (selector: string) => Locator
  }
}

const openWindows = new Set<TestWindow>()
let opened = 0

/** Opens a window of the scene's app, and waits until it shows something. */
export async function openWindow(
  scene: BrowserScene,
  kind: keyof typeof PAGES = 'main',
  options: WindowOptions = {},
): Promise<TestWindow> {
  const { bridge } = scene as OpenScene
  const { locale = '', keepsStorage = false, page: shownPage, about = null } = options
  if (!keepsStorage) {
    localStorage.clear()
    sessionStorage.clear()
  }
  const name = `window-${(opened += 1)}`
  const link = bridge.createLink(
    PAGES[kind],
    locale,
    shownPage === undefined ? null : { page: shownPage, about },
  )
  window.frameLinks ??= new Map()
  window.frameLinks.set(name, link)
  const frame = document.createElement('iframe')
  Object.assign(frame, { name, src: `/podkeeper-pages/${PAGES[kind]}`, title: name })
  frame.dataset['testid'] = name
  frame.style.cssText = 'border: 0; display: block'
  const resize = (width: number, height: number = frame.clientHeight): void => {
    frame.style.width = `${width}px`
    frame.dataset['width'] = String(width)
    frame.style.height = `${height}px`
  }
  document.body.style.margin = '0'
  document.body.append(frame)
  resize(options.width ?? SIZES[kind].width, options.height ?? SIZES[kind].height)

  const locators = page.frameLocator(page.getByTestId(name))
  const appWindow = Object.assign(locators, {
    focusOn(locator: Locator) {
      contentOf(frame).focus()
      ;(locator.element() as HTMLElement).focus()
    },
    mouse: (...steps: Parameters<BrowserCommands['mouse']>[1]) => commands.mouse(name, steps),
    resize,
    setColorScheme: (colorScheme: 'light' | 'dark') => commands.emulateMedia({ colorScheme }),
    overflow() {
      const { document: shown, innerWidth } = contentOf(frame)
      // It scrolls down, and should not scroll sideways.
      const main = shown.querySelector('main')
      return {
        page: Math.max(
          shown.documentElement.scrollWidth - innerWidth,
          main === null ? 0 : main.scrollWidth - main.clientWidth,
          0,
        ),
        tables: [...shown.querySelectorAll('.table-room')]
          .map((room) => room.scrollWidth - room.clientWidth)
          .filter((pixels) => pixels > 0),
      }
    },
    axeFaults: (rules: 'all' | 'contrast') => axeFaults(contentOf(frame), rules),
    nextFrame: () =>
      new Promise<void>((resolve) => {
        const shown = contentOf(frame)
        shown.requestAnimationFrame(() => shown.requestAnimationFrame(() => resolve()))
      }),
    text: () => contentOf(frame).document.body.innerText,
    close() {
      if (!openWindows.delete(appWindow)) return
      frame.remove()
      bridge.removeLink(link)
      window.frameLinks?.delete(name)
    },
  }) as unknown as TestWindow
  // Of the page that is loaded by then.
  Object.defineProperties(appWindow, {
    document: { get: () => contentOf(frame).document },
    global: { get: () => contentOf(frame) },
  })
  openWindows.add(appWindow)
  await waitUntil(
    () =>
      `the page of ${kind}; it shows “${frame.contentDocument?.body?.innerText}” ${bridge.faults.join('\n')}`,
    () => (frame.contentDocument?.getElementById('root')?.childElementCount ?? 0) > 0,
  )
  contentOf(frame).focus()
  return appWindow
}

/** Closes what the test opened; returns what the windows showed. */
export function closeWindows(): readonly string[] {
  return [...openWindows].map((appWindow) => {
    const text = appWindow.text()
    appWindow.close()
    return text
  })
}

type FrameGlobal = Window &
  typeof globalThis & { axe?: { run(context: object, options: object): Promise<AxeResults> } }

function contentOf(frame: HTMLIFrameElement): FrameGlobal {
  if (frame.contentWindow === null) throw new Error('The window is closed.')
  return frame.contentWindow as FrameGlobal
}

/** The same rules as in the end-to-end tests; see `test/harness/app/look/axe.ts`. */
async function axeFaults(global: FrameGlobal, rules: 'all' | 'contrast'): Promise<readonly string[]> {
  // The debugger may learn of a document later than the document runs, and then reach the one before it.
  while (global.axe === undefined) await commands.loadAxe(global.name)
  // React Aria's announcements are spoken as they are added and stay for seconds after what they name is gone.
  const context = { exclude: ['[data-live-announcer]'] }
  const options = {
    resultTypes: ['violations'],
    preload: false,
    selectors: false,
    ...(rules === 'all' ? {} : { runOnly: ['color-contrast'] }),
  }
  const { violations } = await global.axe.run(context, options)
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}
