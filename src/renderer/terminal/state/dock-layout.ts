const KEY = 'podkeeper.terminal-dock'

/** How the dock below the pods stands. */
export interface DockView {
  readonly isOpen: boolean
  /** Of the whole dock, px. */
  readonly height: number
}

export const MIN_DOCK_HEIGHT = 140
export const MAX_DOCK_HEIGHT = 1_600

export const usualDock: DockView = { isOpen: true, height: 260 }

/** As this window had it last; as usual where nothing sound was kept. */
export function readDock(storage: Pick<Storage, 'getItem'>): DockView {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? '{}')
    if (typeof kept !== 'object' || kept === null) return usualDock
    const { isOpen, height } = kept as Readonly<Record<string, unknown>>
    return {
      isOpen: typeof isOpen === 'boolean' ? isOpen : usualDock.isOpen,
      height: typeof height === 'number' ? clampHeight(height) : usualDock.height,
    }
  } catch {
    return usualDock
  }
}

/** A full disk costs no more than that it is not kept. */
export function keepDock(storage: Pick<Storage, 'setItem'>, { isOpen, height }: DockView): void {
  try {
    storage.setItem(KEY, JSON.stringify({ isOpen, height }))
  } catch {
    // It still holds until the window goes.
  }
}

export function clampHeight(height: number): number {
  if (!Number.isFinite(height)) return usualDock.height
  return Math.round(Math.min(Math.max(height, MIN_DOCK_HEIGHT), MAX_DOCK_HEIGHT))
}
