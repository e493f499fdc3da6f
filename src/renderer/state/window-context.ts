import { createContext, useContext, useSyncExternalStore } from 'react'
import { useStore } from 'zustand'
import type { Bridge, PageName } from '../../shared/ipc'
import type { SnapshotStore, SnapshotStoreState } from './snapshot-store'
import type { VisibleCards } from './visible-cards'
import type { Ticker } from './ticker'

export interface WindowServices {
  readonly bridge: Bridge
  readonly snapshotStore: SnapshotStore
  readonly ticker: Ticker
  readonly visibleCards: VisibleCards
  /** Shows a page of the main window; `targetId`: the pod or setting to focus on it. */
  readonly navigate: (page: PageName, targetId?: string | null) => void
}

/** The services shared by all components of this window. */
export const WindowContext = createContext<WindowServices | null>(null)

export function useWindow(): WindowServices {
  const services = useContext(WindowContext)
  if (services === null) throw new Error('used outside of WindowContext')
  return services
}

/** A selected part of the store; re-renders only when that part changes. */
export function useSnapshotStore<T>(select: (state: SnapshotStoreState) => T): T {
  return useStore(useWindow().snapshotStore.store, select)
}

/** A text that depends on the time (Unix ms); re-renders only when the text changes. */
export function useClockText(textAt: (nowMs: number) => string): string {
  const { ticker } = useWindow()
  return useSyncExternalStore(ticker.subscribe, () => textAt(ticker.now()))
}
