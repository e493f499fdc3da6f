import { screen } from 'electron'
import {
  boundsAtPointer,
  boundsOnDisplays,
  type WindowBounds,
  withoutFrame,
} from '../../core/view/window/window-bounds'
import type { BoundsStore } from '../settings/app-store'
import { type AppWindow, type AppWindowOptions, createAppWindow } from './app-window'

export interface TerminalWindowsOptions extends Pick<AppWindowOptions, 'zoom' | 'report'> {
  readonly bounds: BoundsStore
  readonly onFocus: () => void
  readonly onPageLost: (id: string) => void
  /** It is gone, and what it showed is not. */
  readonly onClosed: (id: string) => void
}

/** Windows that show one tab of terminals each. They are never hidden: one that is closed is gone, with its process. */
export interface TerminalWindows {
  readonly all: () => readonly AppWindow[]
  readonly find: (id: string) => AppWindow | undefined
  /** The same; one that is new is shown once `show` is called, where the last one was or at the pointer. */
  readonly opened: (id: string, isAtPointer: boolean) => AppWindow
  /** The window that these contents belong to; null: none of these. */
  readonly idOf: (contents: Electron.WebContents) => string | null
  /** Closes all but these. */
  readonly keep: (ids: readonly string[]) => void
}

/** Before there was one: on no display, so in the middle of the main one. */
const FIRST: WindowBounds = { x: -100_000, y: -100_000, width: 900, height: 600 }

/** A window that is dragged says so many times a second. */
const SAVE_DELAY_MS = 500

export function createTerminalWindows(options: TerminalWindowsOptions): TerminalWindows {
  const { bounds, zoom, report } = options
  const windows = new Map<string, AppWindow>()
  let last = bounds.load()
  let saveTimer: NodeJS.Timeout | undefined

  function setLast(changed: WindowBounds): void {
    last = changed
    clearTimeout(saveTimer)
    saveTimer = setTimeout(() => bounds.save(changed), SAVE_DELAY_MS)
  }

  function nextBounds(isAtPointer: boolean): WindowBounds {
    const size = last ?? FIRST
    const wanted = isAtPointer ? boundsAtPointer(screen.getCursorScreenPoint(), size) : size
    const primary = screen.getPrimaryDisplay()
    const displays = [primary, ...screen.getAllDisplays().filter(({ id }) => id !== primary.id)]
    const areas = displays.map(({ workArea }) => workArea)
    const others = isAtPointer ? [] : [...windows.values()].flatMap((window) => window.bounds() ?? [])
    return boundsOnDisplays(wanted, areas, others) ?? wanted
  }

  function create(id: string, isAtPointer: boolean): AppWindow {
    const requested = nextBounds(isAtPointer)
    const window = createAppWindow({
      // The page of the main window, which shows less of itself.
      page: `window.html#${id}`,
      appearance: { ...requested, minWidth: 360, minHeight: 240, title: 'Podkeeper' },
      hidesOnBlur: false,
      hiding: null,
      zoom,
      report,
      onFocus: options.onFocus,
      onPageLost: () => options.onPageLost(id),
      onBounds() {
        const current = window.bounds()
        if (current === null) return
        setLast(process.platform === 'linux' ? withoutFrame(current, requested) : current)
      },
      onClosed() {
        windows.delete(id)
        options.onClosed(id)
      },
    })
    windows.set(id, window)
    return window
  }

  return {
    all: () => [...windows.values()],
    find: (id) => windows.get(id),
    opened: (id, isAtPointer) => windows.get(id) ?? create(id, isAtPointer),
    idOf: (contents) => [...windows].find(([, window]) => window.shows(contents))?.[0] ?? null,
    keep(ids) {
      for (const [id, window] of windows) if (!ids.includes(id)) window.destroy()
    },
  }
}
