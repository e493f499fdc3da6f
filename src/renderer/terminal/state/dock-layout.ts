const STORAGE_KEY = 'podkeeper.terminal-dock'

/** Layout of the dock below the pods. */
export interface DockLayout {
  readonly isOpen: boolean
  /** Height of the whole dock, px. */
  readonly height: number
}

export const MIN_DOCK_HEIGHT = 140
export const MAX_DOCK_HEIGHT = 1_600

export const defaultDock: DockLayout = { isOpen: true, height: 260 }

/** The last layout of this window, or the default when the stored value is missing or invalid. */
export function loadDock(storage: Pick<Storage, 'getItem'>): DockLayout {
  try {
    const stored: unknown = JSON.parse(storage.getItem(STORAGE_KEY) ?? '{}')
    if (typeof stored !== 'object' || stored === null) return defaultDock
    const { isOpen, height } = stored as Readonly<Record<string, unknown>>
    return {
      isOpen: typeof isOpen === 'boolean' ? isOpen : defaultDock.isOpen,
      height: typeof height === 'number' ? clampHeight(height) : defaultDock.height,
    }
  } catch {
    return defaultDock
  }
}

/** Stores the layout. Errors are ignored: a full storage only loses the preference. */
export function saveDock(storage: Pick<Storage, 'setItem'>, { isOpen, height }: DockLayout): void {
  try {
    storage.setItem(STORAGE_KEY, JSON.stringify({ isOpen, height }))
  } catch {
    // The layout stays valid until the window closes.
  }
}

export function clampHeight(height: number): number {
  if (!Number.isFinite(height)) return defaultDock.height
  return Math.round(Math.min(Math.max(height, MIN_DOCK_HEIGHT), MAX_DOCK_HEIGHT))
}
