import { createContext, useContext, useSyncExternalStore } from 'react'
import { useStore } from 'zustand'
import type { Bridge, PageName } from '../../shared/ipc'
import type { Mirror, MirrorState } from './snapshot-store'
import type { Sight } from './visible-cards'
import type { Ticker } from './ticker'

export interface WindowParts {
  readonly bridge: Bridge
  readonly mirror: Mirror
  readonly ticker: Ticker
  readonly sight: Sight
  /** Shows a page of the main window; `about`: the pod or setting of it that is meant. */
  readonly goTo: (page: PageName, about?: string | null) => void
}

/** What every component of this window shares. */
export const WindowContext = createContext<WindowParts | null>(null)

export function useWindow(): WindowParts {
  const parts = useContext(WindowContext)
  if (parts === null) throw new Error('used outside of WindowContext')
  return parts
}

/** A part of the mirror; renders again only when that part changed. */
export function useMirror<T>(select: (state: MirrorState) => T): T {
  return useStore(useWindow().mirror.store, select)
}

/** A text that depends on the time (Unix ms); renders again only when the text changed. */
export function useTick(text: (nowMs: number) => string): string {
  const { ticker } = useWindow()
  return useSyncExternalStore(ticker.subscribe, () => text(ticker.now()))
}
