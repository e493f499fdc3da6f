import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { TerminalId, TerminalsView, TerminalView } from '../../../core/terminal/terminal'
import type { Bridge } from '../../../shared/ipc'
import { shareStructure } from '../../state/share-structure'
import { clampHeight, type DockView, usualDock } from './dock-layout'
import { tabAfter } from './terminal-tabs'

/** What the main window knows of the terminals, and which one it shows. */
export interface TerminalsState {
  /** In the order of the tabs; null: not known yet. */
  readonly terminals: readonly TerminalView[] | null
  /** May be one that is not known yet. */
  readonly currentId: TerminalId | null
  readonly dock: DockView
  /** Rises when the keyboard is wanted in the current terminal. */
  readonly focusSerial: number
}

export interface Terminals {
  readonly store: StoreApi<TerminalsState>
  /** Shows it, and brings the keyboard to it; both wherever terminals are drawn. */
  show(id: TerminalId): void
  /** Shows it and leaves the keyboard where it is. */
  select(id: TerminalId): void
  focus(): void
  /** Whether the keyboard is wanted in this one; true once for each wish. */
  takeFocus(id: TerminalId): boolean
  setDock(change: Partial<DockView>): void
  /** Begins to follow the app; `onWanted` once the app asks to show one. Returns what ends it. */
  connect(onWanted: () => unknown): () => void
}

export function createTerminals(
  bridge: Pick<Bridge, 'terminals' | 'on'>,
  firstDock: DockView = usualDock,
): Terminals {
  const store = createStore<TerminalsState>(() => ({
    terminals: null,
    currentId: null,
    dock: firstDock,
    focusSerial: 0,
  }))
  let revision = -1
  let served = 0

  function take(view: TerminalsView): void {
    if (view.revision < revision) return
    revision = view.revision
    const { terminals: previous, currentId } = store.getState()
    const before = (previous ?? []).map(({ id }) => id)
    const now = view.terminals.map(({ id }) => id)
    // One that was asked for before it is known is waited for.
    const hasGone = currentId === null || (before.includes(currentId) && !now.includes(currentId))
    store.setState({
      terminals: shareStructure(previous, view.terminals),
      ...(hasGone ? { currentId: tabAfter(currentId, before, now) } : {}),
    })
  }

  const focus = (): void => store.setState(({ focusSerial }) => ({ focusSerial: focusSerial + 1 }))
  const select = (currentId: TerminalId): void => store.setState({ currentId })
  const setDock = (change: Partial<DockView>): void =>
    store.setState(({ dock }) => {
      const next = { ...dock, ...change }
      return { dock: { ...next, height: clampHeight(next.height) } }
    })

  function show(id: TerminalId): void {
    select(id)
    setDock({ isOpen: true })
    focus()
  }

  return {
    store,
    show,
    select,
    focus,
    takeFocus(id) {
      const { focusSerial, terminals, currentId } = store.getState()
      // One that was asked for may not be known yet: the wish waits for it.
      if (currentId !== id && (currentId !== null || terminals?.[0]?.id !== id)) return false
      const isWanted = focusSerial !== served
      served = focusSerial
      return isWanted
    },
    setDock,
    connect(onWanted) {
      const unsubscribes = [
        bridge.on('terminals', take),
        bridge.on('showTerminal', (id) => {
          show(id)
          onWanted()
        }),
      ]
      void bridge.terminals().then((answer) => {
        if (answer.ok) take(answer.value)
      })
      return () => unsubscribes.forEach((unsubscribe) => unsubscribe())
    },
  }
}

/** Of the main window; the popover has none. */
export const TerminalsContext = createContext<Terminals | null>(null)

export function useTerminals(): Terminals {
  const terminals = useContext(TerminalsContext)
  if (terminals === null) throw new Error('used outside of TerminalsContext')
  return terminals
}

/** A part of what is known of the terminals; renders again only when that part changed. */
export function useTerminalsState<T>(select: (state: TerminalsState) => T): T {
  return useStore(useTerminals().store, select)
}

/** The terminal that is shown; null: there is none. */
export function currentTerminal({ terminals, currentId }: TerminalsState): TerminalView | null {
  return terminals?.find(({ id }) => id === currentId) ?? terminals?.[0] ?? null
}
