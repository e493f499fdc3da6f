import './terminal-area.css'
import { type KeyboardEvent, type ReactNode, useEffect, useState } from 'react'
import type { PodKey } from '../../core/pods/pod'
import { paneBeside } from '../../core/terminal/panes/pane-geometry'
import type { SplitDirection } from '../../core/terminal/panes/pane-layout'
import type { TerminalId, TerminalView } from '../../core/terminal/terminal'
import { canShowGpus, GpuPanel } from '../gpus/gpu-panel'
import { FilesPanel } from '../files/files-panel'
import { useOnNewTransfer, useTransfers } from '../files/use-transfers'
import { podColor } from '../pod-model/pod-color'
import { useSettings } from '../state/hooks/use-settings'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { afterMenu } from '../ui/after-menu'
import { isMac } from '../ui/shortcut-label'
import { type TerminalAreaDialog, TerminalAreaDialogs } from './area-dialogs'
import { NewTerminalMenu, type TerminalAreaPlace, TerminalMenu, type TerminalMenuCommand } from './area-menus'
import { AreaTools } from './area-tools'
import { type TerminalAction, terminalActionOf } from './screen/terminal-keys'
import { SplitView } from './panes/split-view'
import { adjacentTab, type ShownTab, tabAfterClosing, tabName } from './state/terminal-tabs'
import { tabId, TerminalTabsBar } from './terminal-tabs-bar'
import { currentTerminal, useShownTabs, useTerminalsState, useTerminalsStore } from './state/terminals-store'
import { terminalAreaText } from './terminal-area-text'

interface TerminalAreaProps {
  readonly place: TerminalAreaPlace
  /** Controls at the end of the header. */
  readonly children?: ReactNode
}

const PANEL_ID = 'terminal-panel'

/** The tabs and the selected terminal. */
export function TerminalArea({ place, children }: TerminalAreaProps) {
  const services = useWindow()
  const { bridge, snapshotStore, navigate } = services
  const terminalsStore = useTerminalsStore()
  const settingsView = useSettings()
  const tabs = useShownTabs()
  const terminal = useTerminalsState(currentTerminal)
  const pod = useSnapshotStore(({ podsByKey }) => podsByKey.get(terminal?.podKey ?? ''))
  const transfers = useTransfers()
  const [side, setSide] = useState<'gpus' | 'files' | null>(null)
  useOnNewTransfer(transfers, terminal?.podKey, () => setSide('files'))
  const [isSearching, setSearching] = useState(false)
  const [dialog, setDialog] = useState<TerminalAreaDialog | null>(null)
  const isInserting = useSnapshotStore(
    ({ dialog: open }) => open?.kind === 'snippets' && open.terminalId === terminal?.id,
  )
  useEffect(() => {
    if (!isInserting) return
    // The dialog gives the focus back to the menu first.
    return () => afterMenu(() => terminalsStore.requestFocus())
  }, [isInserting, terminalsStore])
  const current = tabs.find(({ panes }) => panes.some(({ id }) => id === terminal?.id))
  if (terminal === null || current === undefined) return null

  const ids = tabs.map(({ id }) => id)
  const index = ids.indexOf(current.id)
  const nameOf = ({ lead }: ShownTab): string =>
    tabName(
      lead,
      tabs.map((tab) => tab.lead),
    )
  const name = nameOf(current)
  const showTerminal = (id: TerminalId | null | undefined): void => {
    if (id === null || id === undefined) return
    if (id !== terminal.id) setSearching(false)
    terminalsStore.show(id)
  }
  const tabAt = (id: string | null | undefined): ShownTab | undefined => tabs.find((tab) => tab.id === id)
  const showTab = (id: string | null | undefined): void => showTerminal(tabAt(id)?.lead.id)
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
  const pullOut = (tab: ShownTab | undefined): void => {
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
  const requestCloseTab = (tab: ShownTab | undefined): void => requestClose(tab, tab?.panes ?? [])
  const requestRename = (tab: ShownTab | undefined): void => {
    if (tab !== undefined) setDialog({ kind: 'rename', terminal: tab.lead, tabName: nameOf(tab) })
  }
  const moveTab = (tab: ShownTab | undefined, toIndex: number): void => {
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
        return moveTab(current, index + action.by)
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
  /** Keys in a terminal itself end there. */
  const onKeyDown = (event: KeyboardEvent): void => {
    const action = terminalActionOf(event, { isMac: isMac(), isFullScreen: true, hasPanes: false })
    if (action?.kind !== 'place' || !(event.target instanceof Element)) return
    if (event.target.closest('.terminal-area') === event.currentTarget) runAction(action)
  }
  const runMenuCommand = (menuCommand: TerminalMenuCommand): void => {
    switch (menuCommand) {
      case 'new':
        return openTerminalOn(terminal.podKey)
      case 'rename':
        return requestRename(current)
      case 'split-right':
        return split('right')
      case 'split-down':
        return split('down')
      case 'left':
        return moveTab(current, index - 1)
      case 'right':
        return moveTab(current, index + 1)
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
        return requestCloseTab(current)
    }
  }
  const hideSide = (): void => {
    setSide(null)
    terminalsStore.requestFocus()
  }
  return (
    <div
      className="terminal-area"
      data-drop-pod={pod?.sshRoute === 'direct' ? pod.key : undefined}
      data-drop-shown=""
      onKeyDown={onKeyDown}
    >
      <div className="terminal-head">
        <TerminalTabsBar
          tabs={tabs}
          currentId={current.id}
          panelId={PANEL_ID}
          onSelect={(id) => {
            setSearching(false)
            const lead = tabAt(id)?.lead
            if (lead !== undefined) terminalsStore.select(lead.id)
          }}
          onEnter={showTab}
          onMove={(id, toIndex) => moveTab(tabAt(id), toIndex)}
          onPullOut={place === 'own-window' ? null : (id) => pullOut(tabAt(id))}
          onRename={(id) => requestRename(tabAt(id))}
          onClose={(id) => requestCloseTab(tabAt(id))}
        />
        {place !== 'own-window' && <NewTerminalMenu onOpen={openTerminalOn} />}
        <AreaTools
          terminal={terminal}
          place={place}
          paneCount={current.panes.length}
          onSplit={() => split('right')}
          onSearch={() => setSearching(true)}
          onMove={moveToOtherWindow}
        />
        <TerminalMenu
          tabName={name}
          isFirst={index === 0}
          isLast={index === ids.length - 1}
          paneCount={current.panes.length}
          isConnected={terminal.connection !== null}
          areGpusShown={pod !== undefined && canShowGpus(pod) ? side === 'gpus' : null}
          areFilesShown={pod?.sshRoute === 'direct' ? side === 'files' : null}
          isCommandWatched={terminal.isCommandWatched}
          place={place}
          onCommand={runMenuCommand}
        />
        {children}
      </div>
      <div className="terminal-row">
        <div className="terminal-body" role="tabpanel" id={PANEL_ID} aria-labelledby={tabId(current.id)}>
          {settingsView !== null && (
            <SplitView
              key={current.id}
              layout={current.layout}
              panes={current.panes}
              activeId={terminal.id}
              settings={settingsView.settings}
              canTakeFiles={pod?.sshRoute === 'direct'}
              isSearching={isSearching}
              onSearch={setSearching}
              onAction={runAction}
              onActivate={(id) => {
                setSearching(false)
                terminalsStore.select(id)
              }}
            />
          )}
        </div>
        {side === 'gpus' && pod !== undefined && (
          <div className={`terminal-side ${podColor(pod)}`}>
            <GpuPanel key={pod.key} pod={pod} onHide={hideSide} />
          </div>
        )}
        {side === 'files' && pod !== undefined && (
          <div className={`terminal-side ${podColor(pod)}`}>
            <FilesPanel pod={pod} transfers={transfers ?? []} onHide={hideSide} />
          </div>
        )}
      </div>
      {dialog !== null && (
        <TerminalAreaDialogs
          dialog={dialog}
          onDone={() => setDialog(null)}
          onClose={closeTerminals}
          onRename={({ id }, newName) =>
            void snapshotStore.runRequest(terminalAreaText.couldNotRename, bridge.renameTerminal(id, newName))
          }
        />
      )}
    </div>
  )
}
