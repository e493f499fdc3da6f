/** The part of Electron's `BrowserWindow` that is used here. */
export interface LoadingWindow {
  once(event: 'ready-to-show' | 'closed', listener: () => void): unknown
  isDestroyed(): boolean
  readonly webContents: { once(event: 'did-finish-load', listener: () => void): unknown }
}

/** Electron does not always say that a window is ready. One whose page was loaded this long ago is shown anyway. */
const SHOW_ANYWAY_MS = 2_000

/** Calls `show` once, as soon as the window's page can be drawn. Call it before the page is loaded. */
export function showWhenReady(window: LoadingWindow, show: () => void): void {
  let isDone = false
  let timer: NodeJS.Timeout | undefined
  const end = (): void => {
    isDone = true
    clearTimeout(timer)
  }
  const showOnce = (): void => {
    if (isDone) return
    end()
    if (!window.isDestroyed()) show()
  }
  window.once('ready-to-show', showOnce)
  window.once('closed', end)
  window.webContents.once('did-finish-load', () => {
    if (!isDone) timer = setTimeout(showOnce, SHOW_ANYWAY_MS)
  })
}
