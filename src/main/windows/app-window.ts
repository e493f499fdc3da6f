import { join } from 'node:path'
import { app, BrowserWindow } from 'electron'
import { eventChannel, type EventName, type Events } from '../../shared/ipc'
import { webPreferences } from '../hardening/web-preferences'
import { pageUrl } from '../hardening/app-pages'
import { recoverWindow } from './window-recovery'
import { addZoomKeys } from './zoom'

/** One window of ours: made when it is first shown, hidden when it is closed, destroyed when hidden for long. */
export interface AppWindow {
  /** Shows it, made anew when there is none; `place` runs before it is shown. */
  show(place?: (window: BrowserWindow) => void): void
  hide(): void
  exists(): boolean
  /** Whether this window shows these contents. */
  shows(contents: Electron.WebContents): boolean
  /** Sends to it, if it exists; a window that still loads hears it once it can. */
  send<K extends EventName>(name: K, payload: Events[K]): void
  /** As `send`, though to a page that is there to hear it: of several of the kind none may take another's place. */
  stream<K extends EventName>(name: K, payload: Events[K]): void
  /** From now on closing closes. */
  prepareToQuit(): void
}

export interface AppWindowOptions {
  /** The file below the root of the pages. */
  readonly page: string
  readonly look: Electron.BrowserWindowConstructorOptions
  readonly hidesOnBlur: boolean
  /** How long a hidden window is kept before it is destroyed to free its memory, ms. */
  readonly keepHiddenMs: () => number
  /** Whether a hidden window can be found again: else closing it only minimises it. */
  readonly canHide: () => boolean
  /** What its page had heard is lost: it is loaded anew, it crashed, or the window is gone. */
  readonly onPageLost?: () => void
  /** For the log. */
  readonly report: (what: string, cause?: unknown) => void
}

export function createAppWindow(options: AppWindowOptions): AppWindow {
  const { page, look, hidesOnBlur, keepHiddenMs, canHide, onPageLost = () => {}, report } = options
  let current: BrowserWindow | null = null
  let isQuitting = false
  let destroyTimer: NodeJS.Timeout | undefined
  /** What a window that is still loading must hear once it can: the last of each kind. */
  const pending = new Map<EventName, () => void>()
  let isLoaded = false

  function create(): BrowserWindow {
    const window = new BrowserWindow({
      show: false,
      icon: join(__dirname, '../icons/icon-256.png'),
      ...look,
      webPreferences: webPreferences(join(__dirname, '../preload/index.js'), app.isPackaged),
    })
    window.removeMenu()
    addZoomKeys(window.webContents)
    isLoaded = false
    // Closed again while it was still loading, it must not show itself after all.
    let isWanted = true
    window.once('ready-to-show', () => {
      if (isWanted) window.show()
    })
    const destroyLater = (): void => {
      isWanted = false
      clearTimeout(destroyTimer)
      destroyTimer = setTimeout(() => window.destroy(), keepHiddenMs())
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
      onLost: () => {
        isLoaded = false
      },
      report,
    })
    window.on('close', (event) => {
      if (isQuitting) return
      event.preventDefault()
      if (!canHide()) {
        window.minimize()
        return
      }
      window.hide()
      // One that was never shown does not say that it hides.
      destroyLater()
    })
    if (hidesOnBlur) window.on('blur', () => window.hide())
    window.on('hide', destroyLater)
    window.on('show', () => {
      isWanted = true
      clearTimeout(destroyTimer)
    })
    window.on('closed', () => {
      clearTimeout(destroyTimer)
      pending.clear()
      current = null
      onPageLost()
    })
    window.loadURL(pageUrl(page)).catch((cause: unknown) => report(`${page} could not be loaded`, cause))
    return window
  }

  return {
    show(place) {
      if (current === null) {
        current = create()
        place?.(current)
        return
      }
      place?.(current)
      if (current.isMinimized()) current.restore()
      current.show()
      current.focus()
    },
    hide: () => current?.hide(),
    exists: () => current !== null,
    shows: (contents) => current?.webContents === contents,
    send(name, payload) {
      const window = current
      if (window === null) return
      const send = (): void => {
        if (!window.isDestroyed()) window.webContents.send(eventChannel(name), payload)
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
