import { firstPane, paneIds } from '../../../core/terminal/panes/pane-layout'
import { tabOf, type TerminalTab, type TerminalTabs } from '../../../core/terminal/panes/tab-layouts'
import type { TerminalId, TerminalsView, TerminalView } from '../../../core/terminal/terminal'

/** A tab of the window. */
export interface ShownTab {
  readonly id: string
  readonly layout: TerminalTab['layout']
  /** The pane that was selected last, which stands for the tab. */
  readonly lead: TerminalView
  /** In the order of the layout. */
  readonly panes: readonly TerminalView[]
}

interface TabsState {
  readonly terminals: readonly TerminalView[] | null
  readonly tabs: TerminalTabs
  readonly lastPanes: Readonly<Record<string, TerminalId>>
}

export function shownTabs({ terminals, tabs, lastPanes }: TabsState): readonly ShownTab[] {
  const byId = new Map((terminals ?? []).map((one) => [one.id, one]))
  return tabs.flatMap(({ id, layout }) => {
    const panes = paneIds(layout).flatMap((pane) => byId.get(pane) ?? [])
    const lead = panes.find((one) => one.id === lastPanes[id]) ?? panes[0]
    return lead === undefined ? [] : [{ id, layout, lead, panes }]
  })
}

/** The part of the terminals that a window shows; null: the main window. */
export function viewOfWindow(view: TerminalsView, windowId: string | null): Omit<TerminalsView, 'revision'> {
  const tabs = view.tabs.filter((tab) => (tab.windowId ?? null) === windowId)
  const ids = new Set(tabs.flatMap(({ layout }) => paneIds(layout)))
  return { tabs, terminals: view.terminals.filter(({ id }) => ids.has(id)) }
}

/** The first terminal of each tab that is in a window of its own. */
export const leadsInOwnWindows = ({ tabs, terminals }: TerminalsView): readonly TerminalView[] =>
  tabs.flatMap(({ layout, windowId }) =>
    windowId === undefined ? [] : (terminals.find(({ id }) => id === firstPane(layout)) ?? []),
  )

/** What to select after the current terminal is gone: a pane of its tab, else of the tab after it. */
export function nextTerminal(
  state: TabsState,
  previousTabs: TerminalTabs,
  goneId: TerminalId | null,
): TerminalId | null {
  const shown = shownTabs(state)
  const tab = goneId === null ? undefined : tabOf(previousTabs, goneId)
  const same = shown.find(({ id }) => id === tab?.id)
  if (same !== undefined && tab !== undefined)
    return tabAfterClosing(
      goneId,
      paneIds(tab.layout),
      same.panes.map(({ id }) => id),
    )
  const nextId = tabAfterClosing(
    tab?.id ?? null,
    previousTabs.map(({ id }) => id),
    shown.map(({ id }) => id),
  )
  return shown.find(({ id }) => id === nextId)?.lead.id ?? null
}

type NamedTerminal = Pick<TerminalView, 'id' | 'podKey' | 'podName' | 'name'>

/** Label of a tab: its custom name, else the pod's name, numbered when the pod has several terminals. */
export function tabName(terminal: NamedTerminal, all: readonly NamedTerminal[]): string {
  if (terminal.name !== null) return terminal.name
  const siblings = all.filter(({ podKey, name }) => podKey === terminal.podKey && name === null)
  const position = siblings.findIndex(({ id }) => id === terminal.id)
  return position < 1 ? terminal.podName : `${terminal.podName} (${position + 1})`
}

/** The tab `offset` places away, wrapping around; null when there is none. */
export function adjacentTab(
  ids: readonly TerminalId[],
  fromId: TerminalId | null,
  offset: number,
): TerminalId | null {
  if (ids.length === 0) return null
  const position = fromId === null ? -1 : ids.indexOf(fromId)
  if (position === -1) return ids[0] ?? null
  return ids[(((position + offset) % ids.length) + ids.length) % ids.length] ?? null
}

/** The tab to select after `closedId` was closed: its next neighbor that remains, else the last tab. */
export function tabAfterClosing(
  closedId: TerminalId | null,
  previousIds: readonly TerminalId[],
  remainingIds: readonly TerminalId[],
): TerminalId | null {
  if (closedId === null) return remainingIds[0] ?? null
  const position = Math.max(0, previousIds.indexOf(closedId))
  const next = previousIds.slice(position + 1).find((id) => remainingIds.includes(id))
  return next ?? remainingIds.at(-1) ?? null
}

/** Index where a tab dropped at `x` lands; `centers` are the horizontal centers of all tabs, px. */
export function dropIndex(centers: readonly number[], fromIndex: number, x: number): number {
  const others = centers.filter((_, index) => index !== fromIndex)
  return others.filter((center) => center < x).length
}
