import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { accountName } from '../../core/view/account-name'
import type { PodKey } from '../../core/pods/pod'
import { MAX_PANES } from '../../core/terminal/panes/pane-layout'
import type { TerminalView } from '../../core/terminal/terminal'
import { useSnapshotStore } from '../state/window-context'
import { Button } from '../ui/button'
import { commonText } from '../ui/common-text'
import { terminalMenuText } from './terminal-area-text'

interface TerminalMenuPod {
  readonly key: PodKey
  readonly name: string
  /** Null where there is one account. */
  readonly account: string | null
}

/**
 * The pods that can have a terminal. Selected as one string, so that snapshots without a change don't
 * re-render.
 */
function useTerminalPods(): readonly TerminalMenuPod[] {
  const podsJson = useSnapshotStore(({ snapshot }) =>
    JSON.stringify(
      (snapshot?.pods ?? [])
        .filter(({ sshRoute }) => sshRoute !== null)
        .map(({ key, name, accountId }) => ({ key, name, account: accountName(snapshot, accountId) })),
    ),
  )
  return JSON.parse(podsJson) as TerminalMenuPod[]
}

/** Opens another terminal on any pod that can have one. */
export function NewTerminalMenu({ onOpen }: { readonly onOpen: (podKey: PodKey) => void }) {
  return (
    <MenuTrigger>
      <Button kind="bare" icon="plus" label={terminalMenuText.newTerminal} />
      <Popover className="menu-popover" placement="bottom start" offset={4}>
        <NewTerminalItems onOpen={onOpen} />
      </Popover>
    </MenuTrigger>
  )
}

function NewTerminalItems({ onOpen }: { readonly onOpen: (podKey: PodKey) => void }) {
  const pods = useTerminalPods()
  return (
    <Menu
      className="menu"
      aria-label={terminalMenuText.newTerminalOn}
      items={pods}
      onAction={(key) => onOpen(key as PodKey)}
      renderEmptyState={() => <p className="menu-header">{terminalMenuText.noPod}</p>}
    >
      {({ key, name, account }) => (
        <MenuItem id={key} className="menu-item" textValue={name}>
          <bdi>{name}</bdi>
          {account !== null && <span className="cap">{account}</span>}
        </MenuItem>
      )}
    </Menu>
  )
}

/** Where terminals are shown: below the pods, on a page, or as the only tab of a window. */
export type TerminalAreaPlace = 'dock' | 'page' | 'own-window'

/** What moves a tab to the other kind of window. */
export const placeLabel = (place: TerminalAreaPlace): string =>
  place === 'own-window' ? terminalMenuText.toMainWindow : terminalMenuText.toOwnWindow

export type TerminalMenuCommand =
  | 'new'
  | 'split-right'
  | 'split-down'
  | 'rename'
  | 'left'
  | 'right'
  | 'connection'
  | 'gpus'
  | 'files'
  | 'snippets'
  | 'notify'
  | 'shortcuts'
  | 'page'
  | 'place'
  | 'close-pane'
  | 'close'

interface TerminalMenuProps {
  readonly tabName: string
  readonly isFirst: boolean
  readonly isLast: boolean
  readonly paneCount: number
  readonly terminal: TerminalView
  /** Whether its pod's GPUs are beside it; null: they can't be. */
  readonly areGpusShown: boolean | null
  /** The same for its files. */
  readonly areFilesShown: boolean | null
  readonly place: TerminalAreaPlace
  readonly onCommand: (command: TerminalMenuCommand) => void
}

/** The commands of the current terminal, also available without shortcuts. */
export function TerminalMenu({
  tabName,
  isFirst,
  isLast,
  paneCount,
  terminal: { connection, isCommandWatched },
  areGpusShown,
  areFilesShown,
  place,
  onCommand,
}: TerminalMenuProps) {
  const isConnected = connection !== null
  const items: readonly (readonly [id: TerminalMenuCommand, label: string])[] = [
    ['new', place === 'own-window' ? terminalMenuText.newTabInMain : terminalMenuText.newTab],
    ...(paneCount < MAX_PANES
      ? ([
          ['split-right', terminalMenuText.splitRight],
          ['split-down', terminalMenuText.splitDown],
        ] as const)
      : []),
    ['rename', terminalMenuText.rename],
    ...(isFirst ? [] : ([['left', terminalMenuText.moveLeft]] as const)),
    ...(isLast ? [] : ([['right', terminalMenuText.moveRight]] as const)),
    ['place', placeLabel(place)],
    ...(place === 'dock' ? ([['page', terminalMenuText.openPage]] as const) : []),
    ...(isConnected ? ([['snippets', terminalMenuText.snippets]] as const) : []),
    ...(isConnected || isCommandWatched
      ? ([['notify', isCommandWatched ? terminalMenuText.dontNotify : terminalMenuText.notify]] as const)
      : []),
    ...(areGpusShown === null
      ? []
      : ([['gpus', areGpusShown ? terminalMenuText.hideGpus : terminalMenuText.showGpus]] as const)),
    ...(areFilesShown === null
      ? []
      : ([['files', areFilesShown ? terminalMenuText.hideFiles : terminalMenuText.showFiles]] as const)),
    ...(isConnected ? ([['connection', terminalMenuText.connection]] as const) : []),
    ['shortcuts', terminalMenuText.shortcuts],
    ...(paneCount > 1 ? ([['close-pane', terminalMenuText.closePane]] as const) : []),
    ['close', paneCount > 1 ? terminalMenuText.closeTab : commonText.close],
  ]
  return (
    <MenuTrigger>
      <Button kind="bare" icon="more" label={terminalMenuText.moreFor(tabName)} />
      <Popover className="menu-popover" placement="bottom end" offset={4}>
        <Menu
          className="menu"
          aria-label={terminalMenuText.moreFor(tabName)}
          onAction={(key) => onCommand(items.find(([id]) => id === key)?.[0] ?? 'shortcuts')}
        >
          {items.map(([id, label]) => (
            <MenuItem key={id} id={id} className="menu-item">
              {label}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
