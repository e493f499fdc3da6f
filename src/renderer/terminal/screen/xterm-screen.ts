import '@xterm/xterm/css/xterm.css'
import '@fontsource/jetbrains-mono/400.css'
import '@fontsource/jetbrains-mono/700.css'
import { FitAddon } from '@xterm/addon-fit'
import { SearchAddon } from '@xterm/addon-search'
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes'
import { WebLinksAddon } from '@xterm/addon-web-links'
import { Terminal } from '@xterm/xterm'
import type { TerminalScreen, TerminalSize } from '../../../core/terminal/terminal'
import { isMac } from '../../ui/key-name'
import { glRenderer, isHardwareRenderer } from './hardware-gl'
import { isOpeningClick, openableAddress } from './link-rules'
import type { ScreenLook } from './screen-options'
import { screenThemes } from './screen-themes'
import { createScreenSearch, type ScreenSearch } from './screen-search'
import { styleByObjectModel } from './strict-styles'
import { type TerminalAction, terminalActionOf } from './terminal-keys'

/** What a screen tells of. */
export interface ScreenListener {
  onTyped(text: string, as: 'text' | 'bytes'): void
  onResized(size: TerminalSize): void
  /** A stroke that is not the shell's. */
  onAction(action: TerminalAction): void
  onSelected(): void
  /** The address below the pointer, as the pod wrote it; null: none any more. */
  onLink(text: string | null, event: MouseEvent): void
  onOpenLink(address: string): void
  /** What stands in an OSC 52. */
  onCopyRequest(data: string): void
}

/** A terminal that is drawn. */
export interface Screen {
  readonly search: ScreenSearch
  size(): TerminalSize
  replay(screen: TerminalScreen): void
  write(bytes: Uint8Array, onDrawn: () => void): void
  setLook(look: ScreenLook): void
  /** Fits into its element again. */
  fit(): void
  focus(): void
  hasFocus(): boolean
  selection(): string
  selectAll(): void
  /** Empties scrollback and screen, but for the line of the cursor. */
  clear(): void
  scrollToEnd(): void
  /** Below the cursor, in the window, px. */
  cursorPlace(): { readonly x: number; readonly y: number }
  isPasteBracketed(): boolean
  /** A program gets the clicks. */
  isMouseTaken(): boolean
  dispose(): void
}

/** For the time until the typeface is there: without it a wrong width would be measured. */
const FONT_WAIT_MS = 1_500

/** Of xterm.js where nothing else is said, so that nothing moves when matches are marked in it. */
const SCROLLBAR_PX = 14

/** Draws a terminal into `element`, once its typeface is there. */
export async function openScreen(
  element: HTMLElement,
  look: ScreenLook,
  listener: ScreenListener,
): Promise<Screen> {
  styleByObjectModel()
  await fontsOf(look)
  const fit = new FitAddon()
  const finder = new SearchAddon({ highlightLimit: 1_000 })
  const link = {
    activate: (event: MouseEvent, text: string) => {
      const address = openableAddress(text)
      if (address !== null && isOpeningClick(event, isMac())) listener.onOpenLink(address)
    },
    hover: (event: MouseEvent, text: string) => listener.onLink(text, event),
    leave: (event: MouseEvent) => listener.onLink(null, event),
  }
  const terminal = new Terminal({
    ...optionsOf(look),
    allowProposedApi: true,
    logLevel: 'off',
    // Title, size and place are not for a pod to ask or to change.
    windowOptions: {},
    linkHandler: link,
    minimumContrastRatio: 4.5,
    cursorInactiveStyle: 'outline',
    macOptionIsMeta: true,
    rightClickSelectsWord: false,
    smoothScrollDuration: 0,
  })
  for (const addon of [fit, finder, new UnicodeGraphemesAddon(), new WebLinksAddon(link.activate, link)])
    terminal.loadAddon(addon)
  terminal.open(element)

  let isReplaying = false
  let isDisposed = false
  const answer = (text: string, as: 'text' | 'bytes'): void => {
    // What a screen answers to questions of the past is for nobody.
    if (!isReplaying) listener.onTyped(text, as)
  }
  terminal.onData((text) => answer(text, 'text'))
  terminal.onBinary((text) => answer(text, 'bytes'))
  terminal.onKey(({ key }) => {
    // But a person may type meanwhile.
    if (isReplaying) listener.onTyped(key, 'text')
  })
  terminal.onResize(({ cols, rows }) => listener.onResized({ columns: cols, rows }))
  terminal.onSelectionChange(() => listener.onSelected())
  terminal.parser.registerOscHandler(52, (data) => {
    if (!isReplaying) listener.onCopyRequest(data)
    return true
  })
  terminal.attachCustomKeyEventHandler((event) => {
    const isFullScreen = terminal.buffer.active.type === 'alternate'
    const action = terminalActionOf(event, { isMac: isMac(), isFullScreen })
    if (action === null) return true
    event.preventDefault()
    event.stopPropagation()
    if (event.type === 'keydown') listener.onAction(action)
    return false
  })
  void drawByGpu(terminal, () => isDisposed)

  return {
    search: createScreenSearch(finder, () => {
      // Not before: it measures the page with each frame.
      if (terminal.options.overviewRuler?.width === undefined)
        terminal.options.overviewRuler = { width: SCROLLBAR_PX }
    }),
    size: () => ({ columns: terminal.cols, rows: terminal.rows }),
    replay({ screen, size }) {
      isReplaying = true
      if (size.columns !== terminal.cols || size.rows !== terminal.rows)
        terminal.resize(size.columns, size.rows)
      terminal.write(screen, () => {
        isReplaying = false
        fit.fit()
      })
    },
    write: (bytes, onDrawn) => terminal.write(bytes, onDrawn),
    setLook(next) {
      void fontsOf(next).then(() => {
        if (isDisposed) return
        Object.assign(terminal.options, optionsOf(next))
        fit.fit()
      })
    },
    fit: () => fit.fit(),
    focus: () => terminal.focus(),
    hasFocus: () => document.hasFocus() && terminal.textarea === document.activeElement,
    selection: () => terminal.getSelection(),
    selectAll: () => terminal.selectAll(),
    clear: () => terminal.clear(),
    scrollToEnd: () => terminal.scrollToBottom(),
    cursorPlace: () => cursorPlace(terminal),
    isPasteBracketed: () => terminal.modes.bracketedPasteMode,
    isMouseTaken: () => terminal.modes.mouseTrackingMode !== 'none',
    dispose() {
      isDisposed = true
      terminal.dispose()
    },
  }
}

function cursorPlace(terminal: Terminal): { readonly x: number; readonly y: number } {
  const { cols, rows, buffer, element } = terminal
  const { cursorX, cursorY, baseY, viewportY } = buffer.active
  const { left, top, width, height } = (
    element?.querySelector('.xterm-screen') ?? document.body
  ).getBoundingClientRect()
  // Where it is scrolled out of sight, at the end that is nearest to it.
  const row = Math.min(cursorY + 1 + baseY - viewportY, rows)
  return { x: left + (width / cols) * cursorX, y: top + (height / rows) * row }
}

function optionsOf(look: ScreenLook) {
  return {
    fontFamily: `${look.font === null ? '' : `"${look.font}", `}"JetBrains Mono", ui-monospace, monospace`,
    fontSize: look.fontPx,
    lineHeight: 1.2,
    theme: screenThemes[look.theme],
    scrollback: look.scrollbackLines,
    cursorBlink: look.isCursorBlinking,
    screenReaderMode: look.isForScreenReaders,
  }
}

async function fontsOf({ fontPx }: ScreenLook): Promise<void> {
  const faces = [`${fontPx}px "JetBrains Mono"`, `bold ${fontPx}px "JetBrains Mono"`]
  const late = new Promise((done) => setTimeout(done, FONT_WAIT_MS))
  await Promise.race([Promise.allSettled(faces.map((face) => document.fonts.load(face))), late])
}

/** Where there is a GPU. Once its context is lost, the DOM draws again. */
async function drawByGpu(terminal: Terminal, isOver: () => boolean): Promise<void> {
  if (!isHardwareRenderer(glRenderer())) return
  const { WebglAddon } = await import('@xterm/addon-webgl')
  if (isOver()) return
  const addon = new WebglAddon()
  addon.onContextLoss(() => addon.dispose())
  try {
    terminal.loadAddon(addon)
  } catch {
    addon.dispose()
  }
}
