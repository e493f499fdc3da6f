import {
  mapPanes,
  MAX_PANES,
  onePane,
  onlyPanes,
  type PaneLayout,
  paneIds,
  type SplitDirection,
  withRatio,
  withSplit,
} from './pane-layout'

/** A tab of terminals. Its id stays, whatever its panes are. */
export interface TerminalTab {
  readonly id: string
  readonly layout: PaneLayout
  /** The window of its own that it is in; absent: the main window. It stays when other terminals take its place. */
  readonly windowId?: string
}

/** Each of them is a process with a page. */
export const MAX_TERMINAL_WINDOWS = 8

/** In their order. A terminal is in one tab. */
export type TerminalTabs = readonly TerminalTab[]

export const newTab = (id: string): TerminalTab => ({ id, layout: onePane(id) })

const hasPane = (tab: TerminalTab, id: string): boolean => paneIds(tab.layout).includes(id)

/** The tab that this terminal is in. */
export const tabOf = (tabs: TerminalTabs, id: string): TerminalTab | undefined =>
  tabs.find((tab) => hasPane(tab, id))

/** Whether there is room for another pane beside this one. */
export function canSplit(tabs: TerminalTabs, id: string): boolean {
  const tab = tabOf(tabs, id)
  return tab !== undefined && paneIds(tab.layout).length < MAX_PANES
}

const changed = (tabs: TerminalTabs, id: string, change: (layout: PaneLayout) => PaneLayout): TerminalTabs =>
  tabs.map((tab) => (hasPane(tab, id) ? { ...tab, layout: change(tab.layout) } : tab))

export const withPane = (
  tabs: TerminalTabs,
  id: string,
  direction: SplitDirection,
  newId: string,
): TerminalTabs => changed(tabs, id, (layout) => withSplit(layout, id, direction, newId))

/** See `withRatio` of a layout. */
export const withTabRatio = (tabs: TerminalTabs, secondId: string, ratio: number): TerminalTabs =>
  changed(tabs, secondId, (layout) => withRatio(layout, secondId, ratio))

/** Without this terminal; a tab without terminals is gone. */
export const withoutPane = (tabs: TerminalTabs, id: string): TerminalTabs =>
  tabs.flatMap((tab) => {
    const layout = onlyPanes(tab.layout, (pane) => pane !== id)
    return layout === null ? [] : [{ ...tab, layout }]
  })

/**
 * Puts a tab with other terminals in the place of one: those that `replaced` names, by the terminals whose place they
 * take. What else is in it stays in a tab behind it, if `stays` says so.
 */
export function withReplacedPanes(
  tabs: TerminalTabs,
  replacedTab: TerminalTab,
  replaced: ReadonlyMap<string, string>,
  stays: (id: string) => boolean,
): TerminalTabs {
  const layout = mapPanes(replacedTab.layout, (id) => {
    const newId = replaced.get(id)
    return newId === undefined ? null : onePane(newId)
  })
  const rest = onlyPanes(replacedTab.layout, stays)
  const [id] = layout === null ? [] : paneIds(layout)
  return tabs.flatMap((tab) =>
    tab !== replacedTab
      ? [tab]
      : [
          ...(layout === null || id === undefined ? [] : [{ ...tab, id, layout }]),
          ...(rest === null ? [] : [{ ...(layout === null ? tab : inMainWindow(tab)), layout: rest }]),
        ],
  )
}

/** Moves the tab of this terminal to an index among those of its window. */
export function withMovedTab(tabs: TerminalTabs, id: string, index: number): TerminalTabs {
  const moved = tabOf(tabs, id)
  if (moved === undefined) return tabs
  const others = tabs.filter((tab) => tab !== moved)
  const next = others.filter(({ windowId }) => windowId === moved.windowId)[index]
  const at = next === undefined ? others.length : others.indexOf(next)
  return [...others.slice(0, at), moved, ...others.slice(at)]
}

/** The windows that show a tab each, without the main window. */
export const terminalWindows = (tabs: TerminalTabs): readonly string[] =>
  tabs.flatMap(({ windowId }) => windowId ?? [])

/** Moves the tab of this terminal to a window of its own; null: back to the main window, to where it was. */
export const withTabWindow = (tabs: TerminalTabs, id: string, windowId: string | null): TerminalTabs =>
  tabs.map((tab) => (!hasPane(tab, id) ? tab : windowId === null ? inMainWindow(tab) : { ...tab, windowId }))

const inMainWindow = ({ id, layout }: TerminalTab): TerminalTab => ({ id, layout })
