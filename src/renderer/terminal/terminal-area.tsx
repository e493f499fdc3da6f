import './terminal-area.css'
import { type ReactNode, useEffect, useState } from 'react'
import type { TerminalId } from '../../core/terminal/terminal'
import type { TransferView } from '../../core/files/files-view'
import type { PodView } from '../../core/view/snapshot'
import { canShowGpus, GpuPanel } from '../gpus/gpu-panel'
import { FilesPanel } from '../files/files-panel'
import { useOnNewTransfer, useTransfers } from '../files/use-transfers'
import { podColor } from '../pod-model/pod-color'
import { useSettings } from '../state/hooks/use-settings'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { afterMenu } from '../ui/after-menu'
import { type TerminalAreaDialog, TerminalAreaDialogs } from './area-dialogs'
import { NewTerminalMenu, type TerminalAreaPlace, TerminalMenu } from './area-menus'
import { areaCommands } from './area-commands'
import { AreaTools } from './area-tools'
import { SplitView } from './panes/split-view'
import { tabId, TerminalTabsBar } from './terminal-tabs-bar'
import { currentTerminal, useShownTabs, useTerminalsState, useTerminalsStore } from './state/terminals-store'

interface TerminalAreaProps {
  readonly place: TerminalAreaPlace
  /** Controls at the end of the header. */
  readonly children?: ReactNode
}

const PANEL_ID = 'terminal-panel'

/** The tabs and the selected terminal. */
export function TerminalArea({ place, children }: TerminalAreaProps) {
  const services = useWindow()
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
  useFocusAfterInsert(terminal?.id)
  const current = tabs.find(({ panes }) => panes.some(({ id }) => id === terminal?.id))
  if (terminal === null || current === undefined) return null

  const commands = areaCommands({
    services,
    terminalsStore,
    place,
    tabs,
    current,
    terminal,
    side,
    setSide,
    setDialog,
    endSearch: () => setSearching(false),
  })
  return (
    <div
      className="terminal-area"
      data-drop-pod={pod?.sshRoute === 'direct' ? pod.key : undefined}
      data-drop-shown=""
      onKeyDown={commands.onKeyDown}
    >
      <div className="terminal-head">
        <TerminalTabsBar
          tabs={tabs}
          currentId={current.id}
          panelId={PANEL_ID}
          onSelect={(id) => commands.select(tabs.find((tab) => tab.id === id)?.lead.id)}
          onEnter={commands.showTab}
          onMove={commands.moveTab}
          onPullOut={place === 'own-window' ? null : commands.pullOut}
          onRename={commands.requestRename}
          onClose={commands.requestCloseTab}
        />
        {place !== 'own-window' && <NewTerminalMenu onOpen={commands.openTerminalOn} />}
        <AreaTools
          terminal={terminal}
          place={place}
          paneCount={current.panes.length}
          onSplit={() => commands.split('right')}
          onSearch={() => setSearching(true)}
          onMove={commands.moveToOtherWindow}
        />
        <TerminalMenu
          tabName={commands.nameOf(current)}
          isFirst={current === tabs[0]}
          isLast={current === tabs.at(-1)}
          paneCount={current.panes.length}
          terminal={terminal}
          areGpusShown={pod !== undefined && canShowGpus(pod) ? side === 'gpus' : null}
          areFilesShown={pod?.sshRoute === 'direct' ? side === 'files' : null}
          place={place}
          onCommand={commands.runMenuCommand}
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
              onAction={commands.runAction}
              onActivate={commands.select}
            />
          )}
        </div>
        {side !== null && pod !== undefined && (
          <AreaSide side={side} pod={pod} transfers={transfers ?? []} onHide={commands.hideSide} />
        )}
      </div>
      {dialog !== null && (
        <TerminalAreaDialogs
          dialog={dialog}
          onDone={() => setDialog(null)}
          onClose={commands.closeTerminals}
          onRename={commands.rename}
        />
      )}
    </div>
  )
}

/** Gives the focus back to the terminal once the dialog of snippets is closed. */
function useFocusAfterInsert(terminalId: TerminalId | undefined): void {
  const terminalsStore = useTerminalsStore()
  const isInserting = useSnapshotStore(
    ({ dialog: open }) => open?.kind === 'snippets' && open.terminalId === terminalId,
  )
  useEffect(() => {
    if (!isInserting) return
    // The dialog gives the focus back to the menu first.
    return () => afterMenu(() => terminalsStore.requestFocus())
  }, [isInserting, terminalsStore])
}

interface AreaSideProps {
  readonly side: 'gpus' | 'files'
  readonly pod: PodView
  readonly transfers: readonly TransferView[]
  readonly onHide: () => void
}

/** What stands beside the terminal. */
function AreaSide({ side, pod, transfers, onHide }: AreaSideProps) {
  return (
    <div className={`terminal-side ${podColor(pod)}`}>
      {side === 'gpus' ? (
        <GpuPanel key={pod.key} pod={pod} onHide={onHide} />
      ) : (
        <FilesPanel pod={pod} transfers={transfers} onHide={onHide} />
      )}
    </div>
  )
}
