import { join } from 'node:path'
import { app, BrowserWindow, session } from 'electron'
import { eventChannel, type EventName, type Events, LOCALE_ARGUMENT } from '../../shared/ipc'
import { systemLocale } from '../desktop/system-locale'
import { webPreferences } from '../hardening/web-preferences'
import { pageUrl } from '../hardening/app-pages'
import { servePages } from './app-protocol'
import { showWhenReady } from './show-when-ready'
import { recoverWindow } from './window-recovery'
import { addZoomKeys, zoomLevelOf, type ZoomStore } from './zoom'

/**
 * A window that is created when first shown. When it is closed, it is hidden, and destroyed after being hidden for
 * long; without `hiding` it is destroyed at once.
 */
export interface AppWindow {
  /** Shows the window, created if necessary; `position` runs before it is shown. */
  show(position?: (window: BrowserWindow) => void): void
  hide(): void
  destroy(): void
  exists(): boolean
  /** Where it is while it is neither maximized nor minimized; null: it does not exist. */
  bounds(): Electron.Rectangle | null
  /** Whether it can be seen, as far as the system says. */
  isShown(): boolean
  isFocused(): boolean
  /** Whether these contents belong to this window. */
  shows(contents: Electron.WebContents): boolean
  /** Sends to the window if it exists. A window that is still loading receives it later. */
  send<K extends EventName>(name: K, payload: Events[K]): void
  /** Like `send`, but only to a loaded page, because each event of this kind must be delivered separately. */
  stream<K extends EventName>(name: K, payload: Events[K]): void
  /** From now on closing is not prevented. */
  prepareToQuit(): void
}

export interface WindowHiding {
  /** How long a hidden window is kept before it is destroyed to free memory, ms. */
  readonly keepHiddenMs: () => number
  /** Whether a hidden window can be reopened; otherwise closing only minimizes it. */
  readonly canHide: () => boolean
}

export interface AppWindowOptions {
  /** The file name, relative to the root of the pages, with a fragment if the page needs one. */
  readonly page: string
  readonly appearance: Electron.BrowserWindowConstructorOptions
  readonly hidesOnBlur: boolean
  /** Null: it ends when it is closed, or when its page fails too often, because what it shows goes on elsewhere. */
  readonly hiding: WindowHiding | null
  readonly zoom: ZoomStore
  /** The page's state is lost: it was reloaded, crashed, or its window is gone. */
  readonly onPageLost?: () => void
  readonly onFocus?: () => void
  /** It was moved or resized. */
  readonly onBounds?: () => void
  readonly onClosed?: () => void
  /** Writes to the log. */
  readonly report: (what: string, cause?: unknown) => void
}

export function createAppWindow(options: AppWindowOptions): AppWindow {
  const {
    page,
    appearance,
    hidesOnBlur,
    hiding,
    zoom,
    onPageLost = () => {},
    onFocus = () => {},
    onBounds = () => {},
    onClosed = () => {},
    report,
  } = options
  let current: BrowserWindow | null = null
  let isQuitting = false
  let destroyTimer: NodeJS.Timeout | undefined
  /** Events for a window that is still loading: the last one of each kind. */
  const pending = new Map<EventName, () => void>()
  let isLoaded = false

  function create(): BrowserWindow {
    servePages(session.defaultSession)
    const window = new BrowserWindow({
      show: false,
      icon: join(__dirname, '../icons/icon-256.png'),
      ...appearance,
      webPreferences: webPreferences(join(__dirname, '../preload/index.js'), app.isPackaged, {
        additionalArguments: [`${LOCALE_ARGUMENT}${systemLocale()}`],
      }),
    })
    window.removeMenu()
    addZoomKeys(window.webContents, zoom)
    isLoaded = false
    // If it is closed while loading, it must not appear after all.
    let isWanted = true
    showWhenReady(window, () => {
      if (isWanted) window.show()
    })
    const destroyLater = (): void => {
      if (hiding === null) return
      isWanted = false
      clearTimeout(destroyTimer)
      destroyTimer = setTimeout(() => window.destroy(), hiding.keepHiddenMs())
    }
    window.webContents.on('did-finish-load', () => {
      isLoaded = true
      for (const run of pending.values()) run()
      pending.clear()
    })
    window.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) onPageLost()
    })
    window.webContents.on('render-process-gone', onPageLost)
    recoverWindow(window, {
      page,
      isWanted: () => isWanted,
      isQuitting: () => isQuitting,
      closesAtLast: hiding === null,
      onLost: () => {
        isLoaded = false
      },
      report,
    })
    window.on('close', (event) => {
      if (isQuitting) return
      event.preventDefault()
      // Not left to the page, which could refuse to be closed.
      if (hiding === null) return window.destroy()
      if (!hiding.canHide()) {
        window.minimize()
        return
      }
      window.hide()
      // A window that was never shown emits no hide event.
      destroyLater()
    })
    if (hidesOnBlur) window.on('blur', () => window.hide())
    window.on('hide', destroyLater)
    window.on('focus', onFocus)
    window.on('resize', onBounds)
    window.on('move', onBounds)
    window.on('show', () => {
      isWanted = true
      clearTimeout(destroyTimer)
    })
    window.on('closed', () => {
      clearTimeout(destroyTimer)
      pending.clear()
      current = null
      onPageLost()
      onClosed()
    })
    window.loadURL(pageUrl(page)).catch((cause: unknown) => report(`${page} could not be loaded`, cause))
    return window
  }

  return {
    show(position) {
      if (current === null) {
        current = create()
        position?.(current)
        return
      }
      position?.(current)
      if (current.isMinimized()) current.restore()
      current.show()
      current.focus()
    },
    hide: () => current?.hide(),
    destroy: () => current?.destroy(),
    exists: () => current !== null,
    bounds: () => current?.getNormalBounds() ?? null,
    isShown: () => current !== null && current.isVisible() && !current.isMinimized(),
    isFocused: () => current !== null && current.isFocused(),
    shows: (contents) => current?.webContents === contents,
    send(name, payload) {
      const window = current
      if (window === null) return
      const send = (): void => {
        if (window.isDestroyed()) return
        if (name === 'settings') window.webContents.setZoomLevel(zoomLevelOf(zoom.percent()))
        window.webContents.send(eventChannel(name), payload)
      }
      if (isLoaded) send()
      else pending.set(name, send)
    },
    stream(name, payload) {
      if (current === null || current.isDestroyed()) onPageLost()
      else current.webContents.send(eventChannel(name), payload)
    },
    prepareToQuit() {
      isQuitting = true
    },
  }
}
