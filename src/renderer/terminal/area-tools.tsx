import { MAX_PANES } from '../../core/terminal/panes/pane-layout'
import type { TerminalView } from '../../core/terminal/terminal'
import { Button } from '../ui/button'
import { KeyHint } from '../ui/labels/key-hint'
import { terminalShortcutLabel } from '../ui/shortcut-label'
import { placeLabel, type TerminalAreaPlace } from './area-menus'
import { terminalConnectionText } from './panels/terminal-text'
import { terminalAreaText, terminalMenuText } from './terminal-area-text'

interface AreaToolsProps {
  readonly terminal: TerminalView
  readonly place: TerminalAreaPlace
  readonly paneCount: number
  readonly onSplit: () => void
  readonly onSearch: () => void
  readonly onMove: () => void
}

/** How the terminal is connected, and what is used most, for the pointer. */
export function AreaTools({ terminal, place, paneCount, onSplit, onSearch, onMove }: AreaToolsProps) {
  const { connection } = terminal
  return (
    <>
      {connection === null ? (
        <span className="link-words" />
      ) : (
        <span
          className="link-words cap"
          title={`${terminalConnectionText(connection)}\n${connection.hostKey.fingerprint}`}
        >
          {terminalConnectionText(connection)}
        </span>
      )}
      {paneCount < MAX_PANES && (
        <Button
          kind="bare"
          icon="split"
          shortcut={terminalAreaText.splitKey}
          label={terminalMenuText.splitRight}
          onPress={onSplit}
        >
          <span className="split-words">
            {terminalAreaText.split} <KeyHint name={terminalAreaText.splitKey} />
          </span>
        </Button>
      )}
      <Button
        kind="bare"
        icon="search"
        shortcut={terminalShortcutLabel('F')}
        label={terminalAreaText.search}
        onPress={onSearch}
      />
      <Button
        kind="bare"
        icon="window"
        shortcut={terminalAreaText.moveKey}
        label={placeLabel(place)}
        onPress={onMove}
      />
    </>
  )
}
