import { join } from 'node:path'
import { app, BrowserWindow, session } from 'electron'
import { webPreferences } from '../hardening/web-preferences'
import { CONFIRM_PAGE, pageUrl } from '../hardening/app-pages'
import { servePages } from './app-protocol'
import { showWhenReady } from './show-when-ready'

/**
 * The small window in which main asks, created for each question. Its session is its own, so its page shares no
 * process and no storage with the other windows.
 */
export interface ConfirmWindow {
  /** Shows it or brings it to the front. */
  show(): void
  close(): void
  shows(contents: Electron.WebContents): boolean
}

const SIZE = { width: 480, height: 400 }

/** In memory only. */
const CONFIRM_PARTITION = 'confirmation'

/** `onClosed`: the user closed it or its page was lost; both count as a refusal. */
export function createConfirmWindow(
  onClosed: () => void,
  report: (what: string, cause?: unknown) => void,
): ConfirmWindow {
  let current: BrowserWindow | null = null

  function create(): BrowserWindow {
    // A session takes memory, and most days nothing is asked.
    servePages(session.fromPartition(CONFIRM_PARTITION))
    const window = new BrowserWindow({
      ...SIZE,
      show: false,
      center: true,
      alwaysOnTop: true,
      minimizable: false,
      maximizable: false,
      fullscreenable: false,
      title: 'Podkeeper',
      icon: join(__dirname, '../icons/icon-256.png'),
      webPreferences: webPreferences(join(__dirname, '../preload/confirm.js'), app.isPackaged, {
        partition: CONFIRM_PARTITION,
      }),
    })
    window.removeMenu()
    showWhenReady(window, () => {
      window.show()
      window.focus()
    })
    window.webContents.on('render-process-gone', () => window.destroy())
    window.on('unresponsive', () => window.destroy())
    window.on('closed', () => {
      // A window that was replaced says nothing about the current prompt.
      if (current !== window) return
      current = null
      onClosed()
    })
    window.loadURL(pageUrl(CONFIRM_PAGE)).catch((cause: unknown) => {
      report('The confirmation could not be loaded', cause)
      if (!window.isDestroyed()) window.destroy()
    })
    return window
  }

  return {
    show() {
      if (current === null) {
        current = create()
        return
      }
      current.show()
      current.focus()
    },
    close() {
      const window = current
      current = null
      window?.destroy()
    },
    shows: (contents) => current?.webContents === contents,
  }
}
