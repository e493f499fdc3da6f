import { createContext, useContext, useMemo } from 'react'
import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { tabOf, type TerminalTabs } from '../../../core/terminal/panes/tab-layouts'
import type { TerminalId, TerminalsView, TerminalView } from '../../../core/terminal/terminal'
import type { Bridge } from '../../../shared/ipc'
import { shareStructure } from '../../state/share-structure'
import { clampHeight, defaultDock, type DockLayout } from './dock-layout'
import { leadsInOwnWindows, nextTerminal, shownTabs, type ShownTab, viewOfWindow } from './terminal-tabs'

/** The terminals of a window, and which one is selected. */
export interface TerminalsState {
  /** In tab order; null until loaded. */
  readonly terminals: readonly TerminalView[] | null
  readonly tabs: TerminalTabs
  /** The first terminal of each tab that is in a window of its own. */
  readonly inOwnWindows: readonly TerminalView[]
  /** The pane of each tab that was selected last, by tab. */
  readonly lastPanes: Readonly<Record<string, TerminalId>>
  /** May be a terminal that is not in the list yet. */
  readonly currentId: TerminalId | null
  readonly dock: DockLayout
  /** Increases with every request to focus the current terminal. */
  readonly focusRequestId: number
}

export interface TerminalsStore {
  /** The window of its own that this one is; null: the main window. */
  readonly windowId: string | null
  readonly store: StoreApi<TerminalsState>
  /** Selects and focuses a terminal, wherever terminals are rendered. */
  show(id: TerminalId): void
  /** Selects a terminal without moving the focus. */
  select(id: TerminalId): void
  requestFocus(): void
  /** Whether the terminal should take the focus; true once per request. */
  consumeFocusRequest(id: TerminalId): boolean
  setDock(change: Partial<DockLayout>): void
  /**
   * Subscribes to the app; `onShowRequest` is called when the app asks to show a terminal. Returns the
   * function that unsubscribes.
   */
  connect(onShowRequest: () => unknown): () => void
}

export function createTerminalsStore(
  bridge: Pick<Bridge, 'terminals' | 'on'>,
  initialDock: DockLayout = defaultDock,
  windowId: string | null = null,
): TerminalsStore {
  const store = createStore<TerminalsState>(() => ({
    terminals: null,
    tabs: [],
    inOwnWindows: [],
    lastPanes: {},
    currentId: null,
    dock: initialDock,
    focusRequestId: 0,
  }))
  let revision = -1
  let handledFocusRequestId = 0

  function applyView(all: TerminalsView): void {
    if (all.revision < revision) return
    revision = all.revision
    const { terminals: previous, tabs: previousTabs, inOwnWindows, currentId } = store.getState()
    const view = viewOfWindow(all, windowId)
    const previousIds = (previous ?? []).map(({ id }) => id)
    const currentIds = view.terminals.map(({ id }) => id)
    // A requested terminal may not be in the list yet and must not count as gone.
    const isCurrentGone =
      currentId === null || (previousIds.includes(currentId) && !currentIds.includes(currentId))
    store.setState({
      terminals: shareStructure(previous, view.terminals),
      tabs: shareStructure(previousTabs, view.tabs),
      inOwnWindows: shareStructure(inOwnWindows, leadsInOwnWindows(all)),
    })
    if (!isCurrentGone) {
      // It may have been selected before it was in the list.
      select(currentId)
      return
    }
    const successor = view.terminals.find(
      ({ continues }) => continues !== undefined && continues === currentId,
    )
    const next = successor?.id ?? nextTerminal(store.getState(), previousTabs, currentId)
    if (next === null) store.setState({ currentId: null })
    else select(next)
  }

  const requestFocus = (): void =>
    store.setState(({ focusRequestId }) => ({ focusRequestId: focusRequestId + 1 }))
  function select(id: TerminalId): void {
    const { tabs, lastPanes } = store.getState()
    const tab = tabOf(tabs, id)
    store.setState({
      currentId: id,
      ...(tab !== undefined && lastPanes[tab.id] !== id && { lastPanes: { ...lastPanes, [tab.id]: id } }),
    })
  }
  const setDock = (change: Partial<DockLayout>): void =>
    store.setState(({ dock }) => {
      const next = { ...dock, ...change }
      return { dock: { ...next, height: clampHeight(next.height) } }
    })

  function show(id: TerminalId): void {
    select(id)
    setDock({ isOpen: true })
    requestFocus()
  }

  return {
    windowId,
    store,
    show,
    select,
    requestFocus,
    consumeFocusRequest(id) {
      const { focusRequestId, terminals, currentId } = store.getState()
      // A requested terminal may not be in the list yet, so the request is kept for it.
      if (currentId !== id && (currentId !== null || terminals?.[0]?.id !== id)) return false
      const hasNewRequest = focusRequestId !== handledFocusRequestId
      handledFocusRequestId = focusRequestId
      return hasNewRequest
    },
    setDock,
    connect(onShowRequest) {
      const unsubscribes = [
        bridge.on('terminals', applyView),
        bridge.on('showTerminal', (id) => {
          show(id)
          onShowRequest()
        }),
      ]
      void bridge.terminals().then((answer) => {
        if (answer.ok) applyView(answer.value)
      })
      return () => unsubscribes.forEach((unsubscribe) => unsubscribe())
    },
  }
}

/** Provided in windows with terminals; the popover has none. */
export const TerminalsStoreContext = createContext<TerminalsStore | null>(null)

export function useTerminalsStore(): TerminalsStore {
  const terminals = useContext(TerminalsStoreContext)
  if (terminals === null) throw new Error('used outside of TerminalsContext')
  return terminals
}

/** A selected part of the terminals' state; re-renders only when that part changes. */
export function useTerminalsState<T>(select: (state: TerminalsState) => T): T {
  return useStore(useTerminalsStore().store, select)
}

/** The selected terminal, or the first one; null when there are none. */
export function currentTerminal({ terminals, currentId }: TerminalsState): TerminalView | null {
  return terminals?.find(({ id }) => id === currentId) ?? terminals?.[0] ?? null
}

/** The tabs, each with the pane that stands for it. */
export function useShownTabs(): readonly ShownTab[] {
  const terminals = useTerminalsState((state) => state.terminals)
  const tabs = useTerminalsState((state) => state.tabs)
  const lastPanes = useTerminalsState((state) => state.lastPanes)
  return useMemo(() => shownTabs({ terminals, tabs, lastPanes }), [terminals, tabs, lastPanes])
}
