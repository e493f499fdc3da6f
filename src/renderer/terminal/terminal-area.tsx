import './terminal-area.css'
import { type ReactNode, useState } from 'react'
import type { PodId } from '../../core/pods/pod'
import type { TerminalId, TerminalView } from '../../core/terminal/terminal'
import { useSettings } from '../state/use-settings'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { type DeckDialog, DeckDialogs } from './area-dialogs'
import { type DeckCommand, DeckMenu, NewTerminalMenu } from './area-menus'
import type { TerminalAction } from './screen/terminal-keys'
import { TerminalPane } from './panels/terminal-pane'
import { stepTab, tabAfter, tabName } from './state/terminal-tabs'
import { tabId, TerminalTabsBar } from './terminal-tabs-bar'
import { linkWords } from './panels/terminal-text'
import { currentTerminal, useTerminals, useTerminalsState } from './state/terminals-store'

interface TerminalDeckProps {
  readonly place: 'dock' | 'page'
  /** At the end of the head. */
  readonly children?: ReactNode
}

const PANEL_ID = 'terminal-panel'

/** The tabs, and the terminal that is shown. */
export function TerminalDeck({ place, children }: TerminalDeckProps) {
  const parts = useWindow()
  const { bridge, mirror, goTo } = parts
  const deck = useTerminals()
  const view = useSettings()
  const terminals = useTerminalsState((state) => state.terminals) ?? NONE
  const terminal = useTerminalsState(currentTerminal)
  const [isSearching, setSearching] = useState(false)
  const [dialog, setDialog] = useState<DeckDialog | null>(null)
  if (terminal === null) return null

  const ids = terminals.map(({ id }) => id)
  const index = ids.indexOf(terminal.id)
  const name = tabName(terminal, terminals)
  const enter = (id: TerminalId | null | undefined): void => {
    if (id === null || id === undefined) return
    if (id !== terminal.id) setSearching(false)
    deck.show(id)
  }
  const openOn = (podId: PodId): void =>
    void mirror.report('No terminal was opened', bridge.openTerminal(podId))
  const close = ({ id }: TerminalView): void => {
    // Before it goes, so that the keyboard does not go with it.
    const next = tabAfter(
      id,
      ids,
      ids.filter((other) => other !== id),
    )
    if (id === terminal.id && next !== null) enter(next)
    void mirror.report('Not closed', bridge.closeTerminal(id))
  }
  const askToClose = (id: TerminalId): void => {
    const one = terminals.find((each) => each.id === id)
    if (one === undefined) return
    if (one.state.kind === 'open')
      setDialog({ kind: 'close', terminal: one, tabName: tabName(one, terminals) })
    else close(one)
  }
  const rename = (id: TerminalId): void => {
    const one = terminals.find((each) => each.id === id)
    if (one !== undefined) setDialog({ kind: 'rename', terminal: one, tabName: tabName(one, terminals) })
  }
  const move = (id: TerminalId, to: number): void => {
    if (to >= 0 && to < ids.length) void mirror.report('Not moved', bridge.moveTerminal(id, to))
  }

  const act = (action: TerminalAction): void => {
    switch (action.kind) {
      case 'new':
        return openOn(terminal.podId)
      case 'close':
        return askToClose(terminal.id)
      case 'step':
        return enter(stepTab(ids, terminal.id, action.by))
      case 'go':
        return enter(ids[action.index])
      case 'move':
        return move(terminal.id, index + action.by)
      case 'leave':
        return document.getElementById(tabId(terminal.id))?.focus()
      case 'palette':
        return mirror.open({ kind: 'palette' })
      case 'search':
      case 'copy':
      case 'menu':
        return undefined
    }
  }
  const command = (wanted: DeckCommand): void => {
    switch (wanted) {
      case 'new':
        return openOn(terminal.podId)
      case 'rename':
        return rename(terminal.id)
      case 'left':
        return move(terminal.id, index - 1)
      case 'right':
        return move(terminal.id, index + 1)
      case 'connection':
        return terminal.link === null ? undefined : setDialog({ kind: 'connection', link: terminal.link })
      case 'strokes':
        return setDialog({ kind: 'strokes' })
      case 'page':
        deck.focus()
        return goTo('terminals')
      case 'close':
        return askToClose(terminal.id)
    }
  }
  return (
    <div className="deck">
      <div className="deck-head">
        <TerminalTabsBar
          terminals={terminals}
          currentId={terminal.id}
          panelId={PANEL_ID}
          onSelect={(id) => {
            setSearching(false)
            deck.select(id)
          }}
          onEnter={enter}
          onMove={move}
          onRename={rename}
          onClose={askToClose}
        />
        <NewTerminalMenu onOpen={openOn} />
        {terminal.link === null ? (
          <span className="link-words" />
        ) : (
          <span
            className="link-words cap"
            title={`${linkWords(terminal.link)}\n${terminal.link.hostKey.fingerprint}`}
          >
            {linkWords(terminal.link)}
          </span>
        )}
        <Button kind="bare" icon="search" label="Search in the terminal" onPress={() => setSearching(true)} />
        <DeckMenu
          tabName={name}
          isFirst={index === 0}
          isLast={index === ids.length - 1}
          isConnected={terminal.link !== null}
          hasPage={place === 'dock'}
          onCommand={command}
        />
        {children}
      </div>
      <div className="deck-body" role="tabpanel" id={PANEL_ID} aria-labelledby={tabId(terminal.id)}>
        {view !== null && (
          <TerminalPane
            key={terminal.id}
            terminal={terminal}
            settings={view.settings}
            isSearching={isSearching}
            onSearch={setSearching}
            onAction={act}
          />
        )}
      </div>
      {dialog !== null && (
        <DeckDialogs
          dialog={dialog}
          onDone={() => setDialog(null)}
          onClose={close}
          onRename={({ id }, wanted) => void mirror.report('Not renamed', bridge.renameTerminal(id, wanted))}
        />
      )}
    </div>
  )
}

const NONE: readonly TerminalView[] = []
