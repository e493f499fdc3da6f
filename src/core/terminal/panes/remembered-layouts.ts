import { mapPanes, onePane, type PaneLayout, paneIds } from './pane-layout'
import { newTab, type TerminalTabs } from './tab-layouts'

/** The layouts to remember of tabs with several panes, with the names of their sessions in place of the terminals. */
export const layoutsToRemember = (
  tabs: TerminalTabs,
  sessionOf: (id: string) => string | null,
): readonly PaneLayout[] =>
  tabs.flatMap(({ layout }) => {
    const named = mapPanes(layout, (id) => {
      const session = sessionOf(id)
      return session === null ? null : onePane(session)
    })
    return named?.kind === 'split' ? [named] : []
  })

/**
 * The tabs of restored terminals, in the order of these: each in the layout that names its session, otherwise in a tab
 * of its own. Panes that were not restored leave their place to others.
 */
export function restoredTabs(
  restored: readonly { readonly session: string; readonly id: string }[],
  layouts: readonly PaneLayout[],
): TerminalTabs {
  const ids = new Map(restored.map(({ session, id }) => [session, id]))
  const placed = new Set<string>()
  return restored.flatMap(({ session, id }) => {
    if (placed.has(session)) return []
    const remembered = layouts.find((layout) => paneIds(layout).includes(session)) ?? onePane(session)
    const layout = mapPanes(remembered, (name) => {
      const paneId = ids.get(name)
      if (paneId === undefined || placed.has(name)) return null
      placed.add(name)
      return onePane(paneId)
    })
    return [layout === null ? newTab(id) : { id, layout }]
  })
}
