import './terminal-pane.css'
import { type MouseEvent, useCallback, useEffect, useRef, useState } from 'react'
import type { Settings } from '../../../core/settings/settings'
import type { TerminalView } from '../../../core/terminal/terminal'
import { useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { isMac } from '../../ui/shortcut-label'
import { Message } from '../../ui/message'
import { ConfirmDialog } from './confirm-dialog'
import { linkTooltip } from '../screen/link-rules'
import { type MenuPosition, PaneMenu } from './pane-menu'
import { SearchBar } from './search-bar'
import { isPanelShown, StatePanel, StatusStrip } from './state-panel'
import type { TerminalAction } from '../screen/terminal-keys'
import { useTerminalsState, useTerminalsStore } from '../state/terminals-store'
import { useScreen } from '../screen/use-screen'
import type { XtermScreen } from '../screen/xterm-screen'
import { noticeText, paneText } from './panels-text'

interface TerminalPaneProps {
  readonly terminal: TerminalView
  readonly settings: Settings
  /** Whether there are others in its tab. */
  readonly hasPanes: boolean
  readonly isSearching: boolean
  readonly onSearch: (isSearching: boolean) => void
  /** Called for shortcuts that concern the whole terminal area. */
  readonly onAction: (action: TerminalAction) => void
}

/** One terminal with its screen, state and questions. */
export function TerminalPane({
  terminal,
  settings,
  hasPanes,
  isSearching,
  onSearch,
  onAction,
}: TerminalPaneProps) {
  const paneRef = useRef<HTMLDivElement>(null)
  const hostRef = useRef<HTMLDivElement>(null)
  const [menuPosition, setMenuPosition] = useState<MenuPosition | null>(null)
  const onScreenAction = (action: TerminalAction, source: XtermScreen): void => {
    if (action.kind === 'search') onSearch(true)
    else if (action.kind === 'menu') setMenuPosition(source.cursorPosition())
    else onAction(action)
  }
  const controller = useScreen(hostRef, terminal, settings, hasPanes, onScreenAction)
  const { screen, link, paste } = controller
  const isCovered = isPanelShown(terminal)
  useRequestedFocus(paneRef, screen, terminal)

  const openMenu = useCallback(
    (event: MouseEvent) => {
      if (screen === null || (screen.isMouseCaptured() && !event.shiftKey)) return
      event.preventDefault()
      event.stopPropagation()
      setMenuPosition({ x: event.clientX, y: event.clientY })
    },
    [screen],
  )
  const closeSearch = (): void => {
    onSearch(false)
    screen?.focus()
  }
  return (
    <div ref={paneRef} className={`pane ${themeClass(settings)}`}>
      {isSearching && screen !== null && !isCovered && <SearchBar screen={screen} onClose={closeSearch} />}
      {controller.problem !== null && (
        <ul className="pane-messages">
          <Message tone="bad">{paneText.couldNotRead(controller.problem)}</Message>
        </ul>
      )}
      {terminal.bufferedInput === 'dropped' && <StatusStrip tone="idle">{paneText.typedNotSent}</StatusStrip>}
      {!isCovered && <StatePanel terminal={terminal} />}
      <NoticeStrip terminal={terminal} onTyped={() => screen?.focus()} />
      <div className="screen-place" onContextMenuCapture={openMenu}>
        <div ref={hostRef} className="screen" inert={isCovered} />
        {isCovered && (
          <div className="screen-cover">
            <StatePanel terminal={terminal} />
          </div>
        )}
      </div>
      {link !== null && (
        <div className="link-tip" style={tooltipPosition(link)}>
          {linkTooltip(link.text, isMac())}
        </div>
      )}
      {menuPosition !== null && screen !== null && (
        <PaneMenu
          position={menuPosition}
          screen={screen}
          onClose={() => setMenuPosition(null)}
          onCopy={controller.copySelection}
          onClear={controller.clear}
          onSearch={() => onSearch(true)}
        />
      )}
      {paste !== null && (
        <ConfirmDialog
          title={paneText.pasteQuestion}
          confirmLabel={paneText.paste}
          onAnswer={controller.answerPaste}
        >
          <p>{paneText.pasteRisk(paste.risk, terminal.podName)}</p>
          <pre className="paste-preview">{pastePreview(paste.cleaned)}</pre>
        </ConfirmDialog>
      )}
    </div>
  )
}

/** Focuses the terminal, or the panel that covers it, on request and when one replaces another that had the focus. */
function useRequestedFocus(
  paneRef: { readonly current: HTMLElement | null },
  screen: { focus(): void } | null,
  terminal: TerminalView,
): void {
  const terminalsStore = useTerminalsStore()
  const focusRequestId = useTerminalsState((state) => state.focusRequestId)
  const isCovered = isPanelShown(terminal)
  const { state } = terminal
  const question = state.kind === 'failed' ? state.failure.kind : state.kind
  const shown = isCovered ? question : 'screen'
  const lastShownRef = useRef<string | null>(null)
  useEffect(() => {
    if (screen === null) return
    const hasChanged = lastShownRef.current !== null && lastShownRef.current !== shown
    lastShownRef.current = shown
    // What is covered or replaced loses the focus, a covered screen only once it is rendered.
    const { activeElement } = document
    const isFocusLost =
      hasChanged && (activeElement === document.body || paneRef.current?.contains(activeElement) === true)
    if (!terminalsStore.consumeFocusRequest(terminal.id) && !isFocusLost) return
    if (isCovered)
      paneRef.current
        ?.querySelector<HTMLElement>('.term-panel > .actions button')
        ?.focus({ preventScroll: true })
    else screen.focus()
  }, [paneRef, terminalsStore, screen, focusRequestId, isCovered, shown, terminal.id])
}

const themeClass = ({ terminalTheme }: Settings): string => `theme-${terminalTheme}`

const tooltipPosition = ({ x, y }: { readonly x: number; readonly y: number }) => ({
  left: Math.max(8, Math.min(x, innerWidth - 340)),
  top: y > innerHeight - 80 ? y - 56 : y + 18,
})

const PASTE_PREVIEW_CHARS = 2_000

function pastePreview(cleaned: string): string {
  const lines = cleaned.replaceAll('\r', '\n')
  return lines.length > PASTE_PREVIEW_CHARS ? `${lines.slice(0, PASTE_PREVIEW_CHARS)}\n…` : lines
}

/** Says what a terminal lost when it was connected again, and what would have kept it. */
function NoticeStrip({
  terminal,
  onTyped,
}: {
  readonly terminal: TerminalView
  readonly onTyped: () => void
}) {
  const { bridge, snapshotStore } = useWindow()
  const { id, notice, state } = terminal
  if (notice === null || state.kind !== 'open') return null
  const installCommand = notice.kind === 'shell-lost' ? notice.installCommand : null
  const dismiss = (): void =>
    void snapshotStore.runRequest(noticeText.couldNotDismiss, bridge.dismissTerminalNotice(id))
  // Without a line end, so that nothing runs before a person presses Enter.
  const typeCommand = (command: string): void => {
    void snapshotStore.runRequest(noticeText.couldNotType, bridge.typeInTerminal(id, command, 'text'))
    dismiss()
    onTyped()
  }
  return (
    <StatusStrip
      tone="idle"
      action={
        <>
          {installCommand !== null && (
            <Button onPress={() => typeCommand(installCommand)}>{noticeText.typeCommand}</Button>
          )}
          <Button onPress={dismiss}>{noticeText.dismiss}</Button>
        </>
      }
    >
      {noticeText.lost(notice)}
      {installCommand !== null && (
        <>
          {' '}
          {noticeText.install} <code>{installCommand}</code>
        </>
      )}
      {notice.kind === 'shell-lost' && notice.isTooOld && ` ${noticeText.tooOld}`}
      {notice.kind === 'shell-lost' && notice.isByProxy && ` ${noticeText.byProxy}`}
    </StatusStrip>
  )
}
