import '@xterm/xterm/css/xterm.css'
import '@fontsource/jetbrains-mono/400.css'
import '@fontsource/jetbrains-mono/700.css'
import { FitAddon } from '@xterm/addon-fit'
import { SearchAddon } from '@xterm/addon-search'
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes'
import { WebLinksAddon } from '@xterm/addon-web-links'
import { type ITerminalAddon, type ITheme, Terminal } from '@xterm/xterm'
import { boundedUnicode } from '../../../core/terminal/output/bounded-graphemes'
import { fixXterm } from '../../../core/terminal/output/xterm-fixes'
import { limitLinks } from '../../../core/terminal/output/live-links'
import { createOutputFilter } from '../../../core/terminal/output/output-filter'
import { limitStrings } from '../../../core/terminal/output/string-limits'
import type { TerminalSize, TerminalSnapshot } from '../../../core/terminal/terminal'
import { isMac } from '../../ui/shortcut-label'
import { drawCalmly } from './calm-drawing'
import { glRenderer, isHardwareRenderer } from './hardware-gl'
import { isLinkClick, openableUrl } from './link-rules'
import type { ScreenAppearance } from './screen-options'
import { screenThemes, type ThemeName } from './screen-themes'
import { searchColors } from './search-colors'
import { createScreenSearch, type ScreenSearch } from './screen-search'
import { installCspSafeStyles } from './csp-safe-styles'
import { type TerminalAction, terminalActionOf } from './terminal-keys'

export interface ScreenListener {
  onTyped(text: string, encoding: 'text' | 'bytes'): void
  onResized(size: TerminalSize): void
  /** Whether its tab has several panes. */
  hasPanes(): boolean
  /** A shortcut of the app. */
  onAction(action: TerminalAction): void
  onSelected(): void
  /** The address under the pointer, as printed by the pod; null when the pointer leaves it. */
  onLink(text: string | null, event: MouseEvent): void
  /** The address as printed by the pod. */
  onOpenLink(address: string): void
}

export interface XtermScreen {
  readonly search: ScreenSearch
  size(): TerminalSize
  replay(screen: TerminalSnapshot): void
  write(bytes: Uint8Array, onDrawn: () => void): void
  setAppearance(appearance: ScreenAppearance): void
  /** Fits the terminal to its element. */
  fit(): void
  focus(): void
  selection(): string
  selectAll(): void
  /** Clears scrollback and screen, except the cursor's line. */
  clear(): void
  scrollToEnd(): void
  /** Viewport coordinates just below the cursor, px. */
  cursorPosition(): { readonly x: number; readonly y: number }
  isPasteBracketed(): boolean
  /** Whether a program receives mouse clicks. */
  isMouseCaptured(): boolean
  dispose(): void
}

/** Maximum wait for the font: measuring cells before it is loaded would give a wrong width. */
const FONT_TIMEOUT_MS = 1_500

/** The default of xterm.js, so that the layout doesn't shift when match marks appear in the scrollbar. */
const SCROLLBAR_PX = 14

/** Opens a terminal in `element` once its font is loaded. */
export async function openXtermScreen(
  element: HTMLElement,
  appearance: ScreenAppearance,
  listener: ScreenListener,
): Promise<XtermScreen> {
  installCspSafeStyles()
  await loadFonts(appearance)
  const fitAddon = new FitAddon()
  const searchAddon = new SearchAddon({ highlightLimit: 1_000 })
  const terminal = createTerminal(appearance, listener, [fitAddon, searchAddon])
  const trimLinks = limitLinks(terminal)
  fixXterm(terminal)
  limitStrings(terminal)
  const filter = createOutputFilter(() => ({ columns: terminal.cols, rows: terminal.rows }))
  terminal.open(element)
  const meter = drawCalmly(terminal)

  let isReplaying = false
  let isDisposed = false
  let { theme } = appearance
  let isSearching = false
  const sendTyped = (text: string, encoding: 'text' | 'bytes'): void => {
    // Replies to queries in replayed output are discarded, because the program already got them.
    if (!isReplaying) listener.onTyped(text, encoding)
  }
  terminal.onData((text) => sendTyped(text, 'text'))
  terminal.onBinary((text) => sendTyped(text, 'bytes'))
  terminal.onKey(({ key }) => {
    // Keys typed during a replay are still sent.
    if (isReplaying) listener.onTyped(key, 'text')
  })
  terminal.onResize(({ cols, rows }) => listener.onResized({ columns: cols, rows }))
  terminal.onSelectionChange(() => listener.onSelected())
  terminal.attachCustomKeyEventHandler((event) => {
    const isFullScreen = terminal.buffer.active.type === 'alternate'
    const action = terminalActionOf(event, { isMac: isMac(), isFullScreen, hasPanes: listener.hasPanes() })
    if (action === null) return true
    event.preventDefault()
    event.stopPropagation()
    if (event.type === 'keydown') listener.onAction(action)
    return false
  })
  void enableGpuRenderer(terminal, () => isDisposed)

  return {
    search: createScreenSearch(
      searchAddon,
      () => theme,
      (isHighlighted) => {
        // Enabled on the first match only, because it measures the page on every frame.
        if (isHighlighted && terminal.options.overviewRuler?.width === undefined)
          terminal.options.overviewRuler = { width: SCROLLBAR_PX }
        if (isSearching === isHighlighted) return
        isSearching = isHighlighted
        terminal.options.theme = screenTheme(theme, isSearching)
      },
    ),
    size: () => ({ columns: terminal.cols, rows: terminal.rows }),
    replay({ screen, size }) {
      isReplaying = true
      if (size.columns !== terminal.cols || size.rows !== terminal.rows)
        terminal.resize(size.columns, size.rows)
      terminal.write(screen, () => {
        isReplaying = false
        fitAddon.fit()
      })
    },
    write(bytes, onDrawn) {
      const pieces = filter(bytes)
      const last = pieces.at(-1) ?? ''
      meter.onGiven(bytes.length)
      for (const piece of pieces.slice(0, -1)) terminal.write(piece, trimLinks)
      terminal.write(last, () => {
        trimLinks()
        meter.onParsed(bytes.length)
        onDrawn()
      })
    },
    setAppearance(next) {
      void loadFonts(next).then(() => {
        if (isDisposed) return
        theme = next.theme
        Object.assign(terminal.options, terminalOptions(next, isSearching))
        fitAddon.fit()
      })
    },
    fit: () => fitAddon.fit(),
    focus: () => terminal.focus(),
    selection: () => terminal.getSelection(),
    selectAll: () => terminal.selectAll(),
    clear: () => terminal.clear(),
    scrollToEnd: () => terminal.scrollToBottom(),
    cursorPosition: () => cursorPosition(terminal),
    isPasteBracketed: () => terminal.modes.bracketedPasteMode,
    isMouseCaptured: () => terminal.modes.mouseTrackingMode !== 'none',
    dispose() {
      isDisposed = true
      terminal.dispose()
    },
  }
}

/** Returns a terminal in which links open by a click with the modifier key. */
function createTerminal(
  appearance: ScreenAppearance,
  listener: ScreenListener,
  addons: readonly ITerminalAddon[],
): Terminal {
  const linkHandler = {
    activate: (event: MouseEvent, text: string) => {
      if (openableUrl(text) !== null && isLinkClick(event, isMac())) listener.onOpenLink(text)
    },
    hover: (event: MouseEvent, text: string) => listener.onLink(text, event),
    leave: (event: MouseEvent) => listener.onLink(null, event),
  }
  const terminal = new Terminal({
    ...terminalOptions(appearance),
    allowProposedApi: true,
    logLevel: 'off',
    // Programs may neither query nor change title, size and position of the window.
    windowOptions: {},
    linkHandler: linkHandler,
    minimumContrastRatio: 4.5,
    cursorInactiveStyle: 'outline',
    macOptionIsMeta: true,
    rightClickSelectsWord: false,
    smoothScrollDuration: 0,
  })
  for (const addon of [...addons, new WebLinksAddon(linkHandler.activate, linkHandler)])
    terminal.loadAddon(addon)
  new UnicodeGraphemesAddon().activate({ unicode: boundedUnicode(terminal) } as Terminal)
  return terminal
}

function cursorPosition(terminal: Terminal): { readonly x: number; readonly y: number } {
  const { cols, rows, buffer, element } = terminal
  const { cursorX, cursorY, baseY, viewportY } = buffer.active
  const { left, top, width, height } = (
    element?.querySelector('.xterm-screen') ?? document.body
  ).getBoundingClientRect()
  // When the cursor is scrolled out of view, the nearest edge is used.
  const row = Math.min(cursorY + 1 + baseY - viewportY, rows)
  return { x: left + (width / cols) * cursorX, y: top + (height / rows) * row }
}

/** Xterm.js selects the current match, and draws a selection over its color. */
const screenTheme = (name: ThemeName, isSearching: boolean): ITheme => ({
  ...screenThemes[name],
  ...(isSearching && { selectionInactiveBackground: searchColors[name].currentMatch }),
})

function terminalOptions(appearance: ScreenAppearance, isSearching = false) {
  return {
    fontFamily: `${appearance.font === null ? '' : `"${appearance.font}", `}"JetBrains Mono", ui-monospace, monospace`,
    fontSize: appearance.fontPx,
    lineHeight: 1.2,
    theme: screenTheme(appearance.theme, isSearching),
    scrollback: appearance.scrollbackLines,
    cursorBlink: appearance.isCursorBlinking,
    screenReaderMode: appearance.isForScreenReaders,
  }
}

async function loadFonts({ fontPx }: ScreenAppearance): Promise<void> {
  const faces = [`${fontPx}px "JetBrains Mono"`, `bold ${fontPx}px "JetBrains Mono"`]
  const timeout = new Promise((done) => setTimeout(done, FONT_TIMEOUT_MS))
  await Promise.race([Promise.allSettled(faces.map((face) => document.fonts.load(face))), timeout])
}

/** Uses WebGL on a GPU, and falls back to the DOM renderer when the context is lost. */
async function enableGpuRenderer(terminal: Terminal, isCancelled: () => boolean): Promise<void> {
  if (!isHardwareRenderer(glRenderer())) return
  const { WebglAddon } = await import('@xterm/addon-webgl')
  if (isCancelled()) return
  const addon = new WebglAddon()
  addon.onContextLoss(() => addon.dispose())
  try {
    terminal.loadAddon(addon)
  } catch {
    addon.dispose()
  }
}
