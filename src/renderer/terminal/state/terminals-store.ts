import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { TerminalId, TerminalsView, TerminalView } from '../../../core/terminal/terminal'
import type { Bridge } from '../../../shared/ipc'
import { shareStructure } from '../../state/share-structure'
import { clampHeight, defaultDock, type DockLayout } from './dock-layout'
import { tabAfterClosing } from './terminal-tabs'

/** What the main window knows of the terminals, and which one it shows. */
export interface TerminalsState {
  /** In the order of the tabs; null: not known yet. */
  readonly terminals: readonly TerminalView[] | null
  /** May be one that is not known yet. */
  readonly currentId: TerminalId | null
  readonly dock: DockLayout
  /** Rises when the keyboard is wanted in the current terminal. */
  readonly focusRequestId: number
}

export interface TerminalsStore {
  readonly store: StoreApi<TerminalsState>
  /** Shows it, and brings the keyboard to it; both wherever terminals are drawn. */
  show(id: TerminalId): void
  /** Shows it and leaves the keyboard where it is. */
  select(id: TerminalId): void
  requestFocus(): void
  /** Whether the keyboard is wanted in this one; true once for each wish. */
  consumeFocusRequest(id: TerminalId): boolean
  setDock(change: Partial<DockLayout>): void
  /** Begins to follow the app; `onWanted` once the app asks to show one. Returns what ends it. */
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
    // One that was asked for before it is known is waited for.
    const isCurrentGone =
      currentId === null || (previousIds.includes(currentId) && !currentIds.includes(currentId))
    store.setState({
      terminals: shareStructure(previous, view.terminals),
      ...(isCurrentGone ? { currentId: tabAfterClosing(currentId, previousIds, currentIds) } : {}),
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
      // One that was asked for may not be known yet: the wish waits for it.
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

/** Of the main window; the popover has none. */
export const TerminalsStoreContext = createContext<TerminalsStore | null>(null)

export function useTerminalsStore(): TerminalsStore {
  const terminals = useContext(TerminalsStoreContext)
  if (terminals === null) throw new Error('used outside of TerminalsContext')
  return terminals
}

/** A part of what is known of the terminals; renders again only when that part changed. */
export function useTerminalsState<T>(select: (state: TerminalsState) => T): T {
  return useStore(useTerminalsStore().store, select)
}

/** The terminal that is shown; null: there is none. */
export function currentTerminal({ terminals, currentId }: TerminalsState): TerminalView | null {
  return terminals?.find(({ id }) => id === currentId) ?? terminals?.[0] ?? null
}
