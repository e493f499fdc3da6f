import './palette.css'
import { type KeyboardEvent, useContext, useMemo, useState } from 'react'
import { Autocomplete, Input, ListBox, ListBoxItem, TextField } from 'react-aria-components'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Icon } from '../ui/icon'
import { TerminalsStoreContext } from '../terminal/state/terminals-store'
import { paletteEntries } from './palette-entries'
import type { PaletteEntry, PaletteLevel } from './palette-entry'
import { levelEntries } from './pod-entries'
import { rankEntries, rankLevel } from './rank-entries'
import { loadRecent, saveRecent } from './recent-choices'
import { isForMainWindow, terminalEntries } from './terminal-entries'
import { shortcutLabel } from '../ui/shortcut-label'
import { uiText } from '../ui/ui-text'
import { paletteText } from './palette-text'

/** Maximum number of entries listed. */
const MAX_SHOWN = 50

/** Command palette: every available command, found by words of its name, or by what else it is called. */
export function Palette() {
  const { bridge, snapshotStore, navigate } = useWindow()
  const snapshot = useSnapshotStore((state) => state.wholeSnapshot)
  const [query, setQuery] = useState('')
  const [level, setLevel] = useState<PaletteLevel | null>(null)
  const [recentIds] = useState(() => loadRecent(localStorage))
  const terminalsStore = useContext(TerminalsStoreContext)
  const hasShortcuts = terminalsStore !== null && terminalsStore.windowId === null
  const entries = useMemo(() => {
    if (snapshot === null) return []
    const all = paletteEntries(snapshot)
    if (terminalsStore === null) return all
    const isMain = terminalsStore.windowId === null
    const here = isMain ? all : all.filter((one) => !isForMainWindow(one))
    return [...here, ...terminalEntries(terminalsStore)]
  }, [snapshot, terminalsStore])
  const found = useMemo(
    (): readonly PaletteEntry[] =>
      level === null
        ? rankEntries(entries, query, recentIds)
        : rankLevel(levelEntries(entries, level), query),
    [entries, query, level, recentIds],
  )
  const shown = found.slice(0, MAX_SHOWN)
  const close = () => snapshotStore.openDialog(null)
  const show = (next: PaletteLevel | null) => {
    setLevel(next)
    setQuery('')
  }
  const choose = (entry: PaletteEntry) => {
    // What stops or deletes is not offered again for the next Enter.
    if (entry.kind !== 'pod-command' || !entry.isCareful) saveRecent(localStorage, entry.id)
    if (typeof entry.choose !== 'function') return show(entry.choose)
    close()
    entry.choose({ bridge, snapshotStore, navigate })
  }
  const isCarefulChoice = level?.kind === 'verb' && level.isCareful
  const onKeyDown = (event: KeyboardEvent) => {
    if (level === null || event.nativeEvent.isComposing) return
    if (event.key === 'Escape' || (event.key === 'Backspace' && query === '')) {
      event.preventDefault()
      event.stopPropagation()
      show(null)
    }
    const [only] = found
    if (event.key === 'Enter' && isCarefulChoice && query.trim() !== '' && found.length === 1 && only) {
      event.preventDefault()
      event.stopPropagation()
      choose(only)
    }
  }
  const label = level?.title ?? uiText.searchOrRun
  return (
    <Dialog label={label} kind="palette" onClose={close}>
      <div className="palette-keys" onKeyDownCapture={onKeyDown}>
        {/* Of several pods, none is stopped by Enter before it was chosen. */}
        <Autocomplete
          key={level === null ? '' : level.title}
          inputValue={query}
          onInputChange={setQuery}
          disableAutoFocusFirst={isCarefulChoice}
        >
          <TextField className="palette-field" aria-label={label} autoFocus>
            {level === null ? (
              <Icon name="search" size={15} />
            ) : (
              <Button kind="bare" onPress={() => show(null)} label={paletteText.back} icon="undo" />
            )}
            {level !== null && <bdi className="palette-level">{level.title}</bdi>}
            <Input className="search-input" placeholder={placeholderOf(level)} maxLength={200} />
          </TextField>
          {/* In the tab order, since it may scroll and the focus stays in the field. */}
          <div className="palette-scroll" role="group" aria-label={paletteText.results} tabIndex={0}>
            <ListBox
              className="palette-list"
              aria-label={level === null ? paletteText.commands : level.title}
              items={shown}
              onAction={(key) => {
                const entry = found.find(({ id }) => id === String(key))
                if (entry !== undefined) choose(entry)
              }}
              renderEmptyState={() => <p className="palette-none">{paletteText.noResults}</p>}
            >
              {({ id, label: text, hint, icon, shortcut, commandKey }) => (
                <ListBoxItem className="palette-entry" id={id} textValue={text}>
                  <Icon name={icon} size={15} />
                  <bdi>{text}</bdi>
                  <span className="cap">
                    {level === null && query.trim() === '' && recentIds.includes(id)
                      ? paletteText.recent
                      : hint}
                  </span>
                  {hasShortcuts && shortcut !== undefined && <kbd aria-hidden="true">{shortcut}</kbd>}
                  {commandKey !== undefined && <kbd aria-hidden="true">{shortcutLabel(commandKey)}</kbd>}
                </ListBoxItem>
              )}
            </ListBox>
          </div>
        </Autocomplete>
        {found.length > shown.length && (
          <p className="palette-more">{paletteText.more(found.length - shown.length)}</p>
        )}
      </div>
    </Dialog>
  )
}

function placeholderOf(level: PaletteLevel | null): string {
  if (level === null) return paletteText.hint
  return level.kind === 'pod' ? paletteText.actionHint : paletteText.podHint
}
