import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { TerminalId, TerminalsView, TerminalView } from '../../../core/terminal/terminal'
import type { Bridge } from '../../../shared/ipc'
import { shareStructure } from '../../state/share-structure'
import { clampHeight, defaultDock, type DockLayout } from './dock-layout'
import { tabAfterClosing } from './terminal-tabs'

/** The terminals of the main window, and which one is selected. */
export interface TerminalsState {
  /** In tab order; null until loaded. */
  readonly terminals: readonly TerminalView[] | null
  /** May be a terminal that is not in the list yet. */
  readonly currentId: TerminalId | null
  readonly dock: DockLayout
  /** Increases with every request to focus the current terminal. */
  readonly focusRequestId: number
}

export interface TerminalsStore {
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
): TerminalsStore {
  const store = createStore<TerminalsState>(() => ({
    terminals: null,
    currentId: null,
    dock: initialDock,
    focusRequestId: 0,
  }))
  let revision = -1
  let handledFocusRequestId = 0

  function applyView(view: TerminalsView): void {
    if (view.revision < revision) return
    revision = view.revision
    const { terminals: previous, currentId } = store.getState()
    const previousIds = (previous ?? []).map(({ id }) => id)
    const currentIds = view.terminals.map(({ id }) => id)
    // A requested terminal may not be in the list yet and must not count as gone.
    const isCurrentGone =
      currentId === null || (previousIds.includes(currentId) && !currentIds.includes(currentId))
    const successor = view.terminals.find(
      ({ continues }) => continues !== undefined && continues === currentId,
    )
    store.setState({
      terminals: shareStructure(previous, view.terminals),
      ...(isCurrentGone && {
        currentId: successor?.id ?? tabAfterClosing(currentId, previousIds, currentIds),
      }),
    })
  }

  const requestFocus = (): void =>
    store.setState(({ focusRequestId }) => ({ focusRequestId: focusRequestId + 1 }))
  const select = (currentId: TerminalId): void => store.setState({ currentId })
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

/** Provided in the main window only; the popover has no terminals. */
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
