import type { KeyboardEvent } from 'react'
import type { PodKey } from '../../core/pods/pod'
import { paneBeside } from '../../core/terminal/panes/pane-geometry'
import type { SplitDirection } from '../../core/terminal/panes/pane-layout'
import type { TerminalId, TerminalView } from '../../core/terminal/terminal'
import { isMac } from '../ui/shortcut-label'
import type { WindowServices } from '../state/window-context'
import type { TerminalAreaDialog } from './area-dialogs'
import type { TerminalAreaPlace, TerminalMenuCommand } from './area-menus'
import { type TerminalAction, terminalActionOf } from './screen/terminal-keys'
import { adjacentTab, type ShownTab, tabAfterClosing, tabName } from './state/terminal-tabs'
import type { TerminalsStore } from './state/terminals-store'
import { tabId } from './terminal-tabs-bar'
import { terminalAreaText } from './terminal-area-text'

interface AreaState {
  readonly services: WindowServices
  readonly terminalsStore: TerminalsStore
  readonly place: TerminalAreaPlace
  readonly tabs: readonly ShownTab[]
  readonly current: ShownTab
  readonly terminal: TerminalView
  /** What stands beside the terminal; null: nothing. */
  readonly side: 'gpus' | 'files' | null
  readonly setSide: (side: 'gpus' | 'files' | null) => void
  readonly setDialog: (dialog: TerminalAreaDialog) => void
  readonly endSearch: () => void
}

/** What a person can do with the tabs and panes of an area, by key, menu or mouse. */
export function areaCommands(area: AreaState) {
  const { services, terminalsStore, place, tabs, current, terminal, side, setSide, setDialog, endSearch } =
    area
  const { bridge, snapshotStore, navigate } = services
  const ids = tabs.map(({ id }) => id)
  const index = ids.indexOf(current.id)
  const nameOf = ({ lead }: ShownTab): string =>
    tabName(
      lead,
      tabs.map((tab) => tab.lead),
    )
  const showTerminal = (id: TerminalId | null | undefined): void => {
    if (id === null || id === undefined) return
    if (id !== terminal.id) endSearch()
    terminalsStore.show(id)
  }
  const tabAt = (id: string | null | undefined): ShownTab | undefined => tabs.find((tab) => tab.id === id)
  const showTab = (id: string | null | undefined): void => showTerminal(tabAt(id)?.lead.id)
  const select = (id: TerminalId | undefined): void => {
    endSearch()
    if (id !== undefined) terminalsStore.select(id)
  }
  const rename = ({ id }: TerminalView, newName: string | null): void =>
    void snapshotStore.runRequest(terminalAreaText.couldNotRename, bridge.renameTerminal(id, newName))
  const openTerminalOn = (podKey: PodKey): void =>
    void snapshotStore.runRequest(terminalAreaText.couldNotOpen, bridge.openTerminal(podKey))
  const split = (direction: SplitDirection): void =>
    void snapshotStore.runRequest(
      terminalAreaText.couldNotSplit,
      bridge.splitTerminal(terminal.id, direction),
    )
  const moveToOtherWindow = (): void =>
    void snapshotStore.runRequest(
      terminalAreaText.couldNotPlace,
      bridge.placeTerminal(terminal.id, place === 'own-window' ? 'main-window' : 'own-window'),
    )
  const pullOut = (id: string): void => {
    const tab = tabAt(id)
    if (tab !== undefined)
      void snapshotStore.runRequest(
        terminalAreaText.couldNotPlace,
        bridge.placeTerminal(tab.lead.id, 'at-pointer'),
      )
  }
  const closeTerminals = (closing: readonly TerminalView[]): void => {
    // Selects another one before this one is removed, so that the focus isn't lost with it.
    if (closing.some(({ id }) => id === terminal.id)) {
      const rest = current.panes.map(({ id }) => id).filter((id) => !closing.some((one) => one.id === id))
      const paneId = tabAfterClosing(
        terminal.id,
        current.panes.map(({ id }) => id),
        rest,
      )
      const otherTabs = ids.filter((id) => id !== current.id)
      if (paneId !== null) showTerminal(paneId)
      else showTab(tabAfterClosing(current.id, ids, otherTabs))
    }
    for (const { id } of closing)
      void snapshotStore.runRequest(terminalAreaText.couldNotClose, bridge.closeTerminal(id))
  }
  const requestClose = (tab: ShownTab | undefined, closing: readonly TerminalView[]): void => {
    if (tab === undefined) return
    const isPane = closing.length < tab.panes.length
    if (closing.some(({ state, isKept }) => state.kind === 'open' || isKept))
      setDialog({ kind: 'close', terminals: closing, tabName: nameOf(tab), isPane })
    else closeTerminals(closing)
  }
  const requestCloseTab = (id: string): void => {
    const tab = tabAt(id)
    requestClose(tab, tab?.panes ?? [])
  }
  const requestRename = (id: string): void => {
    const tab = tabAt(id)
    if (tab !== undefined) setDialog({ kind: 'rename', terminal: tab.lead, tabName: nameOf(tab) })
  }
  const moveTab = (id: string, toIndex: number): void => {
    const tab = tabAt(id)
    if (tab !== undefined && toIndex >= 0 && toIndex < ids.length)
      void snapshotStore.runRequest(terminalAreaText.couldNotMove, bridge.moveTerminal(tab.lead.id, toIndex))
  }

  const runAction = (action: TerminalAction): void => {
    switch (action.kind) {
      case 'new':
        return openTerminalOn(terminal.podKey)
      case 'close':
        return requestClose(current, [terminal])
      case 'step':
        return showTab(adjacentTab(ids, current.id, action.by))
      case 'select':
        return showTab(ids[action.index])
      case 'move':
        return moveTab(current.id, index + action.by)
      case 'place':
        return moveToOtherWindow()
      case 'split':
        return split(action.direction)
      case 'pane':
        return showTerminal(paneBeside(current.layout, terminal.id, action.side))
      case 'focus-tab':
        return document.getElementById(tabId(current.id))?.focus()
      case 'palette':
        return snapshotStore.openDialog({ kind: 'palette' })
      case 'search':
      case 'copy':
      case 'menu':
        return undefined
    }
  }
  const runMenuCommand = (menuCommand: TerminalMenuCommand): void => {
    switch (menuCommand) {
      case 'new':
        return openTerminalOn(terminal.podKey)
      case 'rename':
        return requestRename(current.id)
      case 'split-right':
        return split('right')
      case 'split-down':
        return split('down')
      case 'left':
        return moveTab(current.id, index - 1)
      case 'right':
        return moveTab(current.id, index + 1)
      case 'connection':
        return terminal.connection === null
          ? undefined
          : setDialog({ kind: 'connection', link: terminal.connection, accountId: terminal.accountId })
      case 'snippets':
        return snapshotStore.openDialog({
          kind: 'snippets',
          podKey: terminal.podKey,
          terminalId: terminal.id,
        })
      case 'notify':
        return void snapshotStore.runRequest(
          terminalAreaText.couldNotNotify,
          bridge.notifyOfCommand(terminal.id, !terminal.isCommandWatched),
        )
      case 'gpus':
        return setSide(side === 'gpus' ? null : 'gpus')
      case 'files':
        return setSide(side === 'files' ? null : 'files')
      case 'shortcuts':
        return setDialog({ kind: 'shortcuts' })
      case 'place':
        return moveToOtherWindow()
      case 'page':
        terminalsStore.requestFocus()
        return navigate('terminals')
      case 'close-pane':
        return requestClose(current, [terminal])
      case 'close':
        return requestCloseTab(current.id)
    }
  }
  /** Keys in a terminal itself end there. */
  const onKeyDown = (event: KeyboardEvent): void => {
    const action = terminalActionOf(event, { isMac: isMac(), isFullScreen: true, hasPanes: false })
    if (action?.kind !== 'place' || !(event.target instanceof Element)) return
    if (event.target.closest('.terminal-area') === event.currentTarget) runAction(action)
  }
  const hideSide = (): void => {
    setSide(null)
    terminalsStore.requestFocus()
  }
  return {
    onKeyDown,
    hideSide,
    nameOf,
    select,
    rename,
    showTab,
    openTerminalOn,
    split,
    moveToOtherWindow,
    pullOut,
    closeTerminals,
    requestCloseTab,
    requestRename,
    moveTab,
    runAction,
    runMenuCommand,
  }
}
