import { createListeners } from '../../core/base/listeners'
import type { Snapshot } from '../../core/view/snapshot'
import type { TerminalId, TerminalOutput } from '../../core/terminal/terminal'
import type { EventName, Events, PageName } from '../../shared/ipc'
import type { LogUpdate } from '../../shared/requests/pod/log-requests'
import { serializeSnapshot } from '../../shared/snapshot-text'
import type { BoundsStore } from '../settings/app-store'
import { type AppWindow, type AppWindowOptions, createAppWindow, type WindowHiding } from './app-window'
import { createTerminalWindows } from './terminal-windows'

/** The popover at the tray icon, the main window, and those that show a tab of terminals each. */
export interface Windows {
  /** `anchor`: the bounds of the tray icon, where known. */
  showPopover(anchor?: Electron.Rectangle): void
  hidePopover(): void
  showMain(page: PageName, about?: string | null): void
  /**
   * Shows a terminal in its window, which is created if necessary. No terminal: the one that is selected there; no
   * window: the main window. `isAtPointer`: a new window appears at the pointer.
   */
  showTerminal(terminalId: TerminalId | null, windowId: string | null, isAtPointer?: boolean): void
  /** Closes the windows of terminals that are not among these. */
  readonly keepTerminalWindows: (windowIds: readonly string[]) => void
  /** Sends the snapshot to every open window. */
  publish(snapshot: Snapshot): void
  /** Sends an event to every open window. */
  send<K extends EventName>(name: K, payload: Events[K]): void
  /** Sends output to the window of its terminal, whose page requested it; null: the main window. */
  readonly sendOutput: (output: TerminalOutput, windowId: string | null) => void
  /** Sends lines of a log to the main window's page. */
  readonly sendLog: (update: LogUpdate) => void
  /** Whether these contents belong to one of the windows. */
  readonly areShowing: (contents: Electron.WebContents) => boolean
  /** The window of terminals that these contents belong to; null: none of them. */
  readonly terminalWindowOf: (contents: Electron.WebContents) => string | null
  /** Whether the main window or one of terminals can be seen, apart from this one; null: the main window. */
  isAnyShown(except?: string | null): boolean
  /** Whether this window of terminals has the focus, so that a person sees it; null: the main window. */
  readonly isFocused: (windowId: string | null) => boolean
  /** Calls back when the main window or one of terminals got the focus. */
  readonly onFocus: (listener: () => void) => () => void
  /** Calls back when a window of terminals, or its page, is gone; null: the main window. */
  readonly onPageLost: (listener: (windowId: string | null) => void) => () => void
  /** Calls back when a window of terminals is gone. */
  readonly onTerminalWindowClosed: (listener: (windowId: string) => void) => () => void
  /** Calls back when the main window or its page is gone. */
  readonly onMainLost: (listener: () => void) => () => void
  /** From now on closing is not prevented. */
  prepareToQuit(): void
}

const POPOVER_SIZE = { width: 400, height: 720 }

/** On Linux the position of the tray icon is unknown, so the popover is a regular small window. */
const isPopover = process.platform !== 'linux'

export interface WindowsOptions extends WindowHiding, Pick<AppWindowOptions, 'zoom' | 'report'> {
  readonly terminalBounds: BoundsStore
}

export function createWindows(options: WindowsOptions): Windows {
  const { keepHiddenMs, canHide, zoom, report, terminalBounds } = options
  const hiding: WindowHiding = { keepHiddenMs, canHide }
  const mainLostListeners = createListeners()
  const lostListeners = createListeners<[string | null]>()
  const closedListeners = createListeners<[string]>()
  const focusListeners = createListeners()
  const popover = createPopover({ hiding, zoom, report })
  const main = createAppWindow({
    page: 'window.html',
    appearance: { width: 1_180, height: 820, minWidth: 360, minHeight: 400, title: 'Podkeeper' },
    hidesOnBlur: false,
    onPageLost() {
      mainLostListeners.notify()
      lostListeners.notify(null)
    },
    onFocus: focusListeners.notify,
    hiding,
    zoom,
    report,
  })
  const terminals = createTerminalWindows({
    bounds: terminalBounds,
    zoom,
    report,
    onFocus: focusListeners.notify,
    onPageLost: lostListeners.notify,
    onClosed: closedListeners.notify,
  })
  const all = (): readonly AppWindow[] => [popover, main, ...terminals.all()]
  const find = (windowId: string | null | undefined): AppWindow | undefined =>
    windowId === null ? main : windowId === undefined ? undefined : terminals.find(windowId)
  function send<K extends EventName>(name: K, payload: Events[K]): void {
    for (const window of all()) window.send(name, payload)
  }

  return {
    showPopover: (anchor) => popover.show((window) => positionAt(window, anchor)),
    hidePopover: () => popover.hide(),
    showMain(page, about = null) {
      if (isPopover) popover.hide()
      main.show()
      main.send('showPage', { page, about })
    },
    showTerminal(terminalId, windowId, isAtPointer = false) {
      if (isPopover) popover.hide()
      const window = windowId === null ? main : terminals.opened(windowId, isAtPointer)
      window.show()
      if (terminalId !== null) window.send('showTerminal', terminalId)
    },
    keepTerminalWindows: terminals.keep,
    publish(snapshot) {
      if (all().some((window) => window.exists())) send('snapshot', serializeSnapshot(snapshot))
    },
    send,
    isAnyShown(except) {
      const others = [main, ...terminals.all()].filter((window) => window !== find(except))
      return others.some((window) => window.isShown())
    },
    isFocused: (windowId) => find(windowId)?.isFocused() === true,
    onFocus: focusListeners.add,
    onPageLost: lostListeners.add,
    onTerminalWindowClosed: closedListeners.add,
    onMainLost: mainLostListeners.add,
    sendOutput: (output, windowId) => find(windowId)?.stream('terminalOutput', output),
    sendLog: (update) => main.stream('log', update),
    areShowing: (contents) => all().some((window) => window.shows(contents)),
    terminalWindowOf: terminals.idOf,
    prepareToQuit: () => all().forEach((window) => window.prepareToQuit()),
  }
}

function createPopover(options: Pick<AppWindowOptions, 'hiding' | 'zoom' | 'report'>): AppWindow {
  return createAppWindow({
    ...options,
    page: 'index.html',
    appearance: {
      ...POPOVER_SIZE,
      minWidth: 360,
      minHeight: 400,
      title: 'Podkeeper',
      frame: !isPopover,
      fullscreenable: false,
      maximizable: !isPopover,
      skipTaskbar: isPopover,
    },
    hidesOnBlur: isPopover,
  })
}

/** Below the tray icon, where its bounds are known. */
function positionAt(window: Electron.BrowserWindow, anchor: Electron.Rectangle | undefined): void {
  if (!isPopover || !anchor || anchor.width === 0) return
  const isAtTop = anchor.y < POPOVER_SIZE.height
  window.setPosition(
    Math.round(anchor.x + anchor.width / 2 - POPOVER_SIZE.width / 2),
    Math.round(isAtTop ? anchor.y + anchor.height + 4 : anchor.y - POPOVER_SIZE.height - 4),
  )
}
