import { ownWindowsText } from '../terminal/state/own-windows-text'
import { shownTabs, tabName } from '../terminal/state/terminal-tabs'
import { currentTerminal, type TerminalsStore } from '../terminal/state/terminals-store'
import { pageTitles } from '../ui/ui-text'
import type { EntryServices, PaletteEntry } from './palette-entry'
import { paletteText } from './palette-text'
import { paletteWords } from './palette-words-text'

/** What moves the current terminal to another window, and what leads to those in windows of their own. */
export function terminalEntries({ store, windowId }: TerminalsStore): readonly PaletteEntry[] {
  const state = store.getState()
  const { inOwnWindows } = state
  const current = currentTerminal(state)
  const entry = (id: string, label: string, choose: (services: EntryServices) => void): PaletteEntry => ({
    id,
    kind: 'place',
    label,
    hint: pageTitles.terminals,
    icon: 'window',
    keywords: paletteWords.window,
    choose,
  })
  const tabs = shownTabs(state)
  const tab = tabs.find(({ panes }) => panes.some(({ id }) => id === current?.id))
  const leads = tabs.map(({ lead }) => lead)
  const name = tab === undefined ? '' : tabName(tab.lead, leads)
  return [
    ...(current === null
      ? []
      : [
          entry(
            'place-terminal',
            windowId === null ? paletteText.toOwnWindow(name) : paletteText.toMainWindow(name),
            ({ bridge, snapshotStore }) =>
              void snapshotStore.runRequest(
                paletteText.couldNotPlace,
                bridge.placeTerminal(current.id, windowId === null ? 'own-window' : 'main-window'),
              ),
          ),
        ]),
    ...(windowId === null ? inOwnWindows : []).map((lead) =>
      entry(
        `show-terminal:${lead.id}`,
        ownWindowsText.show(tabName(lead, inOwnWindows)),
        ({ bridge, snapshotStore }) =>
          void snapshotStore.runRequest(ownWindowsText.couldNotShow, bridge.showTerminalWindow(lead.id)),
      ),
    ),
  ]
}

/** What a window with one tab of terminals can't do: choose an account, or type in another window. */
export const isForMainWindow = ({ id }: PaletteEntry): boolean =>
  /^((account|snippets):|verb:snippets$)/.test(id)
