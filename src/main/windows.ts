import { join } from 'node:path'
import { BrowserWindow } from 'electron'
import type { EventName, Events } from '../shared/ipc'
import { eventChannel } from '../shared/ipc'
import { isOurUrl, pageUrl } from './pages'

export interface Windows {
  /** Shows the popover, made anew when there is none; `anchor`: the tray icon, where its place is known. */
  showPopover(anchor?: Electron.Rectangle): void
  /** Sends to the popover, if there is one. */
  send<K extends EventName>(name: K, payload: Events[K]): void
  /** From now on closing closes. */
  prepareToQuit(): void
}

const SIZE = { width: 400, height: 720 }

/** On Linux the tray's place is not known: there it is an ordinary small window. */
const isPopover = process.platform !== 'linux'

/** `keepHiddenMs`: how long a hidden window is kept before it is destroyed to free its memory. */
export function createWindows(keepHiddenMs: number): Windows {
  let popover: BrowserWindow | null = null
  let isQuitting = false
  let destroyTimer: NodeJS.Timeout | undefined
  /** What a window that is still loading must hear once it can. */
  let pending: (() => void)[] = []
  let isLoaded = false

  function create(): BrowserWindow {
    const window = new BrowserWindow({
      ...SIZE,
      minWidth: 360,
      minHeight: 400,
      show: false,
      title: 'Podkeeper',
      frame: !isPopover,
      fullscreenable: false,
      maximizable: !isPopover,
      skipTaskbar: isPopover,
      icon: join(__dirname, '../icons/icon-256.png'),
      webPreferences: {
        preload: join(__dirname, '../preload/index.js'),
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        spellcheck: false,
      },
    })
    window.removeMenu()
    isLoaded = false
    // Closed again while it was still loading, it must not show itself after all.
    let isWanted = true
    window.once('ready-to-show', () => {
      if (isWanted) window.show()
    })
    const destroyLater = (): void => {
      isWanted = false
      clearTimeout(destroyTimer)
      destroyTimer = setTimeout(() => window.destroy(), keepHiddenMs)
    }
    window.webContents.once('did-finish-load', () => {
      isLoaded = true
      for (const run of pending.splice(0)) run()
    })
    window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
    window.webContents.on('will-navigate', (event, address) => {
      if (!isOurUrl(address)) event.preventDefault()
    })
    window.on('close', (event) => {
      if (isQuitting) return
      event.preventDefault()
      window.hide()
      // One that was never shown does not say that it hides.
      destroyLater()
    })
    if (isPopover) window.on('blur', () => window.hide())
    window.on('hide', destroyLater)
    window.on('show', () => {
      isWanted = true
      clearTimeout(destroyTimer)
    })
    window.on('closed', () => {
      clearTimeout(destroyTimer)
      pending = []
      popover = null
    })
    void window.loadURL(pageUrl('index.html'))
    return window
  }

  return {
    showPopover(anchor) {
      if (popover === null) {
        popover = create()
        place(popover, anchor)
        return
      }
      place(popover, anchor)
      if (popover.isMinimized()) popover.restore()
      popover.show()
      popover.focus()
    },
    send(name, payload) {
      const window = popover
      if (window === null) return
      const send = (): void => {
        if (!window.isDestroyed()) window.webContents.send(eventChannel(name), payload)
      }
      if (isLoaded) send()
      else pending.push(send)
    },
    prepareToQuit() {
      isQuitting = true
    },
  }
}

/** Under the tray icon, where its bounds are known. */
function place(window: BrowserWindow, anchor: Electron.Rectangle | undefined): void {
  if (!isPopover || !anchor || anchor.width === 0) return
  const isAtTop = anchor.y < SIZE.height
  window.setPosition(
    Math.round(anchor.x + anchor.width / 2 - SIZE.width / 2),
    Math.round(isAtTop ? anchor.y + anchor.height + 4 : anchor.y - SIZE.height - 4),
  )
}
