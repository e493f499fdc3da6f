const STORAGE_KEY = 'podkeeper.terminal-dock'

/** How the dock below the pods stands. */
export interface DockLayout {
  readonly isOpen: boolean
  /** Of the whole dock, px. */
  readonly height: number
}

export const MIN_DOCK_HEIGHT = 140
export const MAX_DOCK_HEIGHT = 1_600

export const defaultDock: DockLayout = { isOpen: true, height: 260 }

/** As this window had it last; as usual where nothing sound was kept. */
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

/** A full disk costs no more than that it is not kept. */
export function saveDock(storage: Pick<Storage, 'setItem'>, { isOpen, height }: DockLayout): void {
  try {
    storage.setItem(STORAGE_KEY, JSON.stringify({ isOpen, height }))
  } catch {
    // It still holds until the window goes.
  }
}

export function clampHeight(height: number): number {
  if (!Number.isFinite(height)) return defaultDock.height
  return Math.round(Math.min(Math.max(height, MIN_DOCK_HEIGHT), MAX_DOCK_HEIGHT))
}
