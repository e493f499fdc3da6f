import { createListeners } from '../../core/base/listeners'
import type { Snapshot } from '../../core/view/snapshot'
import type { TerminalId, TerminalOutput } from '../../core/terminal/terminal'
import type { EventName, Events, PageName } from '../../shared/ipc'
import type { LogUpdate } from '../../shared/log-requests'
import { serializeSnapshot } from '../../shared/snapshot-text'
import { type AppWindowOptions, createAppWindow } from './app-window'

/** The popover at the tray icon and the main window. */
export interface Windows {
  /** `anchor`: the bounds of the tray icon, where known. */
  showPopover(anchor?: Electron.Rectangle): void
  hidePopover(): void
  showMain(page: PageName, about?: string | null): void
  /** Shows a terminal in the main window. */
  showTerminal(terminalId: TerminalId): void
  /** Sends the snapshot to every open window. */
  publish(snapshot: Snapshot): void
  /** Sends an event to every open window. */
  send<K extends EventName>(name: K, payload: Events[K]): void
  /** Sends output to the main window's page, which requested it. */
  readonly sendOutput: (output: TerminalOutput) => void
  /** The same for lines of a log. */
  readonly sendLog: (update: LogUpdate) => void
  /** Whether these contents belong to one of the windows. */
  areShowing(contents: Electron.WebContents): boolean
  /** Whether the main window can be seen. */
  isMainShown(): boolean
  /** Whether the main window has the focus, so that a person sees it. */
  readonly isMainFocused: () => boolean
  readonly onMainFocus: (listener: () => void) => () => void
  /** Calls back when the main window or its page is gone. */
  readonly onMainLost: (listener: () => void) => () => void
  /** From now on closing is not prevented. */
  prepareToQuit(): void
}

const POPOVER_SIZE = { width: 400, height: 720 }

/** On Linux the position of the tray icon is unknown, so the popover is a regular small window. */
const isPopover = process.platform !== 'linux'

export type WindowsOptions = Pick<AppWindowOptions, 'keepHiddenMs' | 'zoom' | 'canHide' | 'report'>

export function createWindows({ keepHiddenMs, zoom, canHide, report }: WindowsOptions): Windows {
  const mainLostListeners = createListeners()
  const mainFocusListeners = createListeners()
  const popover = createAppWindow({
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
    keepHiddenMs,
    zoom,
    canHide,
    report,
  })
  const main = createAppWindow({
    page: 'window.html',
    appearance: { width: 1_180, height: 820, minWidth: 360, minHeight: 400, title: 'Podkeeper' },
    hidesOnBlur: false,
    onPageLost: mainLostListeners.notify,
    onFocus: mainFocusListeners.notify,
    keepHiddenMs,
    zoom,
    canHide,
    report,
  })
  function send<K extends EventName>(name: K, payload: Events[K]): void {
    popover.send(name, payload)
    main.send(name, payload)
  }

  return {
    showPopover: (anchor) => popover.show((window) => positionAt(window, anchor)),
    hidePopover: () => popover.hide(),
    showMain(page, about = null) {
      if (isPopover) popover.hide()
      main.show()
      main.send('showPage', { page, about })
    },
    showTerminal(terminalId) {
      if (isPopover) popover.hide()
      main.show()
      main.send('showTerminal', terminalId)
    },
    publish(snapshot) {
      if (popover.exists() || main.exists()) send('snapshot', serializeSnapshot(snapshot))
    },
    send,
    isMainShown: () => main.isShown(),
    isMainFocused: () => main.isFocused(),
    onMainFocus: mainFocusListeners.add,
    onMainLost: mainLostListeners.add,
    sendOutput: (output) => main.stream('terminalOutput', output),
    sendLog: (update) => main.stream('log', update),
    areShowing: (contents) => popover.shows(contents) || main.shows(contents),
    prepareToQuit() {
      popover.prepareToQuit()
      main.prepareToQuit()
    },
  }
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
