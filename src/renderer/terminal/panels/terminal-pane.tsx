import './terminal-pane.css'
import { type MouseEvent, useCallback, useEffect, useRef, useState } from 'react'
import type { Settings } from '../../../core/settings/settings'
import type { TerminalView } from '../../../core/terminal/terminal'
import { Button } from '../../ui/button'
import { isMac } from '../../ui/key-name'
import { Message } from '../../ui/message'
import { AskDialog } from './ask-dialog'
import type { PasteRisk } from '../screen/clean-paste'
import { linkTip } from '../screen/link-rules'
import { type MenuPlace, PaneMenu } from './pane-menu'
import { SearchBar } from './search-bar'
import { isPanelShown, StateView, Strip } from './state-panel'
import type { TerminalAction } from '../screen/terminal-keys'
import { useTerminals, useTerminalsState } from '../state/terminals-store'
import { useScreen } from '../screen/use-screen'
import type { Screen } from '../screen/xterm-screen'

interface TerminalPaneProps {
  readonly terminal: TerminalView
  readonly settings: Settings
  readonly isSearching: boolean
  readonly onSearch: (isSearching: boolean) => void
  /** A stroke in the terminal that concerns more than it. */
  readonly onAction: (action: TerminalAction) => void
}

/** One terminal: its screen, what there is to say of its state, and what is asked about it. */
export function TerminalPane({ terminal, settings, isSearching, onSearch, onAction }: TerminalPaneProps) {
  const pane = useRef<HTMLDivElement>(null)
  const host = useRef<HTMLDivElement>(null)
  const [menu, setMenu] = useState<MenuPlace | null>(null)
  const act = (action: TerminalAction, from: Screen): void => {
    if (action.kind === 'search') onSearch(true)
    else if (action.kind === 'menu') setMenu(from.cursorPlace())
    else onAction(action)
  }
  const parts = useScreen(host, terminal, settings, act)
  const { screen, link, paste, copyRequest } = parts
  const isCovered = isPanelShown(terminal)
  useWantedFocus(pane, screen, terminal)

  const openMenu = useCallback(
    (event: MouseEvent) => {
      if (screen === null || (screen.isMouseTaken() && !event.shiftKey)) return
      event.preventDefault()
      event.stopPropagation()
      setMenu({ x: event.clientX, y: event.clientY })
    },
    [screen],
  )
  const closeSearch = (): void => {
    onSearch(false)
    screen?.focus()
  }
  return (
    <div ref={pane} className={`pane ${themeClass(settings)}`}>
      {isSearching && screen !== null && !isCovered && <SearchBar screen={screen} onClose={closeSearch} />}
      {parts.problem !== null && (
        <ul className="pane-messages">
          <Message tone="bad">The screen of this terminal could not be read: {parts.problem}</Message>
        </ul>
      )}
      {copyRequest !== null && (
        <ul className="pane-messages">
          <Message
            tone="idle"
            actions={
              <>
                <Button onPress={() => parts.answerCopy(false)}>Never in this terminal</Button>
                <Button onPress={() => parts.answerCopy(true)}>Allow in this terminal</Button>
              </>
            }
          >
            A program here wants to copy to your clipboard: <b>{preview(copyRequest)}</b>
          </Message>
        </ul>
      )}
      {terminal.typedAhead === 'dropped' && (
        <Strip tone="idle">
          What you typed while it connected was not sent: type it again once its shell is open.
        </Strip>
      )}
      {!isCovered && <StateView terminal={terminal} />}
      <div className="screen-place" onContextMenuCapture={openMenu}>
        <div ref={host} className="screen" inert={isCovered} />
        {isCovered && (
          <div className="screen-cover">
            <StateView terminal={terminal} />
          </div>
        )}
      </div>
      {link !== null && (
        <div className="link-tip" style={tipPlace(link)}>
          {linkTip(link.text, isMac())}
        </div>
      )}
      {menu !== null && screen !== null && (
        <PaneMenu
          place={menu}
          screen={screen}
          onClose={() => setMenu(null)}
          onCopy={parts.copySelection}
          onClear={parts.clear}
          onSearch={() => onSearch(true)}
        />
      )}
      {paste !== null && (
        <AskDialog title="Paste this?" verb="Paste" onAnswer={parts.answerPaste}>
          <p>{pasteWords(paste.risk, terminal.podName)}</p>
          <pre className="paste-preview">{pastePreview(paste.cleaned)}</pre>
        </AskDialog>
      )}
    </div>
  )
}

/**
 * Brings the keyboard to the terminal, or to what is asked about it, when it is wanted there, and when the one took the
 * place of the other under it.
 */
function useWantedFocus(
  pane: { readonly current: HTMLElement | null },
  screen: { focus(): void } | null,
  terminal: TerminalView,
): void {
  const terminals = useTerminals()
  const wanted = useTerminalsState(({ focusSerial }) => focusSerial)
  const isCovered = isPanelShown(terminal)
  const { state } = terminal
  const question = state.kind === 'failed' ? state.failure.kind : state.kind
  const wasCovered = useRef<boolean | null>(null)
  useEffect(() => {
    if (screen === null) return
    const hasTurned = wasCovered.current !== null && wasCovered.current !== isCovered
    wasCovered.current = isCovered
    const isLost = hasTurned && document.activeElement === document.body
    if (!terminals.takeFocus(terminal.id) && !isLost) return
    if (isCovered) pane.current?.querySelector<HTMLElement>('.term-panel > .actions button')?.focus()
    else screen.focus()
  }, [pane, terminals, screen, wanted, isCovered, question, terminal.id])
}

const themeClass = ({ terminalTheme }: Settings): string => `theme-${terminalTheme}`

const tipPlace = ({ x, y }: { readonly x: number; readonly y: number }) => ({
  left: Math.max(8, Math.min(x, innerWidth - 340)),
  top: y > innerHeight - 80 ? y - 56 : y + 18,
})

/** So much of what a program wants to copy is shown. */
const PREVIEW_CHARS = 80

function preview(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > PREVIEW_CHARS ? `${line.slice(0, PREVIEW_CHARS)}…` : line
}

function pasteWords(risk: PasteRisk, podName: string): string {
  return risk.kind === 'lines'
    ? `${risk.count === 1 ? 'It ends a line' : `These are ${risk.count} lines`}, and the program on ${podName} takes each at once, as if you pressed Enter.`
    : `These are ${risk.chars.toLocaleString('en-US')} characters.`
}

const PASTE_PREVIEW_CHARS = 2_000

function pastePreview(cleaned: string): string {
  const lines = cleaned.replaceAll('\r', '\n')
  return lines.length > PASTE_PREVIEW_CHARS ? `${lines.slice(0, PASTE_PREVIEW_CHARS)}\n…` : lines
}
