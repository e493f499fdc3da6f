import './terminal-area.css'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { TransferView } from '../../core/files/files-view'
import type { PodKey } from '../../core/pods/pod'
import type { TerminalId, TerminalView } from '../../core/terminal/terminal'
import { canShowGpus, GpuPanel } from '../gpus/gpu-panel'
import { FilesPanel } from '../files/files-panel'
import { useTransfers } from '../files/use-transfers'
import { podColor } from '../pod-model/pod-color'
import { useSettings } from '../state/use-settings'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { afterMenu } from '../ui/after-menu'
import { Button } from '../ui/button'
import { type TerminalAreaDialog, TerminalAreaDialogs } from './area-dialogs'
import { NewTerminalMenu, TerminalMenu, type TerminalMenuCommand } from './area-menus'
import type { TerminalAction } from './screen/terminal-keys'
import { TerminalPane } from './panels/terminal-pane'
import { adjacentTab, tabAfterClosing, tabName } from './state/terminal-tabs'
import { tabId, TerminalTabsBar } from './terminal-tabs-bar'
import { terminalConnectionText } from './panels/terminal-text'
import { currentTerminal, useTerminalsState, useTerminalsStore } from './state/terminals-store'
import { terminalAreaText } from './terminal-area-text'

interface TerminalAreaProps {
  readonly place: 'dock' | 'page'
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
  const terminals = useTerminalsState((state) => state.terminals) ?? NONE
  const terminal = useTerminalsState(currentTerminal)
  const pod = useSnapshotStore(({ podsByKey }) => podsByKey.get(terminal?.podKey ?? ''))
  const transfers = useTransfers()
  const [side, setSide] = useState<'gpus' | 'files' | null>(null)
  useFilesOfNewTransfer(transfers, terminal?.podKey, () => setSide('files'))
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
  if (terminal === null) return null

  const ids = terminals.map(({ id }) => id)
  const index = ids.indexOf(terminal.id)
  const name = tabName(terminal, terminals)
  const showTerminal = (id: TerminalId | null | undefined): void => {
    if (id === null || id === undefined) return
    if (id !== terminal.id) setSearching(false)
    terminalsStore.show(id)
  }
  const openTerminalOn = (podKey: PodKey): void =>
    void snapshotStore.runRequest(terminalAreaText.couldNotOpen, bridge.openTerminal(podKey))
  const closeTerminal = ({ id }: TerminalView): void => {
    // Selects another tab before this one is removed, so that the focus isn't lost with it.
    const next = tabAfterClosing(
      id,
      ids,
      ids.filter((other) => other !== id),
    )
    if (id === terminal.id && next !== null) showTerminal(next)
    void snapshotStore.runRequest(terminalAreaText.couldNotClose, bridge.closeTerminal(id))
  }
  const requestClose = (id: TerminalId): void => {
    const target = terminals.find((each) => each.id === id)
    if (target === undefined) return
    if (target.state.kind === 'open' || target.isKept)
      setDialog({ kind: 'close', terminal: target, tabName: tabName(target, terminals) })
    else closeTerminal(target)
  }
  const requestRename = (id: TerminalId): void => {
    const target = terminals.find((each) => each.id === id)
    if (target !== undefined)
      setDialog({ kind: 'rename', terminal: target, tabName: tabName(target, terminals) })
  }
  const moveTerminal = (id: TerminalId, toIndex: number): void => {
    if (toIndex >= 0 && toIndex < ids.length)
      void snapshotStore.runRequest(terminalAreaText.couldNotMove, bridge.moveTerminal(id, toIndex))
  }

  const runAction = (action: TerminalAction): void => {
    switch (action.kind) {
      case 'new':
        return openTerminalOn(terminal.podKey)
      case 'close':
        return requestClose(terminal.id)
      case 'step':
        return showTerminal(adjacentTab(ids, terminal.id, action.by))
      case 'select':
        return showTerminal(ids[action.index])
      case 'move':
        return moveTerminal(terminal.id, index + action.by)
      case 'focus-tab':
        return document.getElementById(tabId(terminal.id))?.focus()
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
        return requestRename(terminal.id)
      case 'left':
        return moveTerminal(terminal.id, index - 1)
      case 'right':
        return moveTerminal(terminal.id, index + 1)
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
      case 'page':
        terminalsStore.requestFocus()
        return navigate('terminals')
      case 'close':
        return requestClose(terminal.id)
    }
  }
  const hideSide = (): void => {
    setSide(null)
    terminalsStore.requestFocus()
  }
  return (
    <div className="deck" data-drop-pod={pod?.sshRoute === 'direct' ? pod.key : undefined} data-drop-shown="">
      <div className="deck-head">
        <TerminalTabsBar
          terminals={terminals}
          currentId={terminal.id}
          panelId={PANEL_ID}
          onSelect={(id) => {
            setSearching(false)
            terminalsStore.select(id)
          }}
          onEnter={showTerminal}
          onMove={moveTerminal}
          onRename={requestRename}
          onClose={requestClose}
        />
        <NewTerminalMenu onOpen={openTerminalOn} />
        {terminal.connection === null ? (
          <span className="link-words" />
        ) : (
          <span
            className="link-words cap"
            title={`${terminalConnectionText(terminal.connection)}\n${terminal.connection.hostKey.fingerprint}`}
          >
            {terminalConnectionText(terminal.connection)}
          </span>
        )}
        <Button
          kind="bare"
          icon="search"
          label={terminalAreaText.search}
          onPress={() => setSearching(true)}
        />
        <TerminalMenu
          tabName={name}
          isFirst={index === 0}
          isLast={index === ids.length - 1}
          isConnected={terminal.connection !== null}
          areGpusShown={pod !== undefined && canShowGpus(pod) ? side === 'gpus' : null}
          areFilesShown={pod?.sshRoute === 'direct' ? side === 'files' : null}
          isCommandWatched={terminal.isCommandWatched}
          areGpusShown={pod !== undefined && canShowGpus(pod) ? areGpusShown : null}
          canOpenPage={place === 'dock'}
          onCommand={runMenuCommand}
        />
        {children}
      </div>
      <div className="deck-row">
        <div className="deck-body" role="tabpanel" id={PANEL_ID} aria-labelledby={tabId(terminal.id)}>
          {settingsView !== null && (
            <TerminalPane
              key={terminal.id}
              terminal={terminal}
              settings={settingsView.settings}
              isSearching={isSearching}
              onSearch={setSearching}
              onAction={runAction}
            />
          )}
        </div>
        {side === 'gpus' && pod !== undefined && (
          <div className={`deck-side ${podColor(pod)}`}>
            <GpuPanel key={pod.key} pod={pod} onHide={hideSide} />
          </div>
        )}
        {side === 'files' && pod !== undefined && (
          <div className={`deck-side ${podColor(pod)}`}>
            <FilesPanel pod={pod} transfers={transfers ?? []} onHide={hideSide} />
          </div>
        )}
      </div>
      {dialog !== null && (
        <TerminalAreaDialogs
          dialog={dialog}
          onDone={() => setDialog(null)}
          onClose={closeTerminal}
          onRename={({ id }, newName) =>
            void snapshotStore.runRequest(terminalAreaText.couldNotRename, bridge.renameTerminal(id, newName))
          }
        />
      )}
    </div>
  )
}

/** Shows the files of the current terminal's pod once a transfer of it begins. */
function useFilesOfNewTransfer(
  transfers: readonly TransferView[] | null,
  podKey: PodKey | undefined,
  show: () => void,
): void {
  const known = useRef<ReadonlySet<string> | null>(null)
  useEffect(() => {
    if (transfers === null) return
    const before = known.current
    known.current = new Set(transfers.map(({ id }) => id))
    if (before !== null && transfers.some((one) => one.podKey === podKey && !before.has(one.id))) show()
  })
}

const NONE: readonly TerminalView[] = []
