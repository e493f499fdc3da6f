import { firstPane, type PaneLayout, type SplitDirection } from './pane-layout'

/** In shares of the whole, 0 to 1. */
export interface PaneRect {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** The line between the two parts of a split. */
export interface PaneDivider {
  /** Identifies the split. */
  readonly secondId: string
  readonly direction: SplitDirection
  readonly ratio: number
  /** Of the split as a whole. */
  readonly rect: PaneRect
}

export interface PaneGeometry {
  readonly panes: ReadonlyMap<string, PaneRect>
  readonly dividers: readonly PaneDivider[]
}

const WHOLE: PaneRect = { left: 0, top: 0, width: 1, height: 1 }

/** Where each pane is. */
export function paneGeometry(layout: PaneLayout): PaneGeometry {
  const panes = new Map<string, PaneRect>()
  const dividers: PaneDivider[] = []
  const place = (part: PaneLayout, rect: PaneRect): void => {
    if (part.kind === 'pane') {
      panes.set(part.id, rect)
      return
    }
    const { direction, ratio, first, second } = part
    dividers.push({ secondId: firstPane(second), direction, ratio, rect })
    const { left, top, width, height } = rect
    if (direction === 'right') {
      place(first, { ...rect, width: width * ratio })
      place(second, { ...rect, left: left + width * ratio, width: width * (1 - ratio) })
    } else {
      place(first, { ...rect, height: height * ratio })
      place(second, { ...rect, top: top + height * ratio, height: height * (1 - ratio) })
    }
  }
  place(layout, WHOLE)
  return { panes, dividers }
}

export type PaneSide = 'left' | 'right' | 'up' | 'down'

const EPSILON = 1e-9

/** The pane next to this one on that side; null: there is none. */
export function paneBeside(layout: PaneLayout, id: string, side: PaneSide): string | null {
  const { panes } = paneGeometry(layout)
  const from = panes.get(id)
  if (from === undefined) return null
  let best: { readonly id: string; readonly overlap: number } | null = null
  for (const [other, rect] of panes) {
    const overlap = touches(from, rect, side)
      ? side === 'left' || side === 'right'
        ? shared(from.top, from.height, rect.top, rect.height)
        : shared(from.left, from.width, rect.left, rect.width)
      : 0
    if (overlap > EPSILON && overlap > (best?.overlap ?? 0) + EPSILON) best = { id: other, overlap }
  }
  return best?.id ?? null
}

function touches(from: PaneRect, to: PaneRect, side: PaneSide): boolean {
  const meets = (one: number, other: number): boolean => Math.abs(one - other) < EPSILON
  switch (side) {
    case 'left':
      return meets(to.left + to.width, from.left)
    case 'right':
      return meets(from.left + from.width, to.left)
    case 'up':
      return meets(to.top + to.height, from.top)
    case 'down':
      return meets(from.top + from.height, to.top)
  }
}

const shared = (from: number, length: number, otherFrom: number, otherLength: number): number =>
  Math.min(from + length, otherFrom + otherLength) - Math.max(from, otherFrom)
