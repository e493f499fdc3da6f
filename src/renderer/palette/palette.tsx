import './palette.css'
import { useContext, useMemo, useState } from 'react'
import { Autocomplete, Input, ListBox, ListBoxItem, TextField } from 'react-aria-components'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Dialog } from '../ui/dialog'
import { Icon } from '../ui/icon'
import { TerminalsStoreContext } from '../terminal/state/terminals-store'
import { paletteEntries, rankEntries } from './palette-entries'
import { isForMainWindow, terminalEntries } from './terminal-entries'
import { uiText } from '../ui/ui-text'
import { paletteText } from './palette-text'

/** Maximum number of entries listed. */
const MAX_SHOWN = 50

/** Command palette: every available command, found by a part of its name. */
export function Palette() {
  const { bridge, snapshotStore, navigate } = useWindow()
  const snapshot = useSnapshotStore((state) => state.wholeSnapshot)
  const [query, setQuery] = useState('')
  const terminalsStore = useContext(TerminalsStoreContext)
  const entries = useMemo(() => {
    if (snapshot === null) return []
    const all = paletteEntries(snapshot)
    if (terminalsStore === null) return all
    const isMain = terminalsStore.windowId === null
    const here = isMain ? all : all.filter((one) => !isForMainWindow(one))
    return [...here, ...terminalEntries(terminalsStore)]
  }, [snapshot, terminalsStore])
  const found = useMemo(() => rankEntries(entries, query), [entries, query])
  const shown = found.slice(0, MAX_SHOWN)
  const close = () => snapshotStore.openDialog(null)
  const run = (id: string) => {
    close()
    entries.find((entry) => entry.id === id)?.run({ bridge, snapshotStore, navigate })
  }
  return (
    <Dialog label={uiText.searchOrRun} kind="palette" onClose={close}>
      <Autocomplete inputValue={query} onInputChange={setQuery}>
        <TextField className="palette-field" aria-label={uiText.searchOrRun} autoFocus>
          <Icon name="search" size={15} />
          <Input className="search-input" placeholder={paletteText.hint} maxLength={200} />
        </TextField>
        {/* In the tab order, since it may scroll and the focus stays in the field. */}
        <div className="palette-scroll" role="group" aria-label={paletteText.results} tabIndex={0}>
          <ListBox
            className="palette-list"
            aria-label={paletteText.commands}
            items={shown}
            onAction={(key) => run(String(key))}
            renderEmptyState={() => <p className="palette-none">{paletteText.noResults}</p>}
          >
            {({ id, label, hint, icon }) => (
              <ListBoxItem className="palette-entry" id={id} textValue={label}>
                <Icon name={icon} size={15} />
                <bdi>{label}</bdi>
                <span className="cap">{hint}</span>
              </ListBoxItem>
            )}
          </ListBox>
        </div>
      </Autocomplete>
      {found.length > shown.length && (
        <p className="palette-more">{paletteText.more(found.length - shown.length)}</p>
      )}
    </Dialog>
  )
}
