/*
 * How the panes of a terminal tab share its place: a binary tree whose leaves are terminals, each of them once. A split
 * is identified by the first pane of its second part, which no other split has. See docs/product-rules.md#131-sessions.
 */

export type SplitDirection = 'right' | 'down'

export type PaneLayout =
  | { readonly kind: 'pane'; readonly id: string }
  | {
      readonly kind: 'split'
      /** Where the second part is. */
      readonly direction: SplitDirection
      /** The share of the first part, `MIN_RATIO` to `MAX_RATIO`. */
      readonly ratio: number
      readonly first: PaneLayout
      readonly second: PaneLayout
    }

export const MAX_PANES = 8
export const MIN_RATIO = 0.1
export const MAX_RATIO = 0.9

export const clampRatio = (ratio: number): number =>
  Number.isFinite(ratio) ? Math.min(Math.max(ratio, MIN_RATIO), MAX_RATIO) : 0.5

export const onePane = (id: string): PaneLayout => ({ kind: 'pane', id })

/** The ids of all panes, from left to right and from top to bottom. */
export const paneIds = (layout: PaneLayout): readonly string[] =>
  layout.kind === 'pane' ? [layout.id] : [...paneIds(layout.first), ...paneIds(layout.second)]

/** Divides a pane: a new one takes the half that `direction` says. */
export function withSplit(
  layout: PaneLayout,
  id: string,
  direction: SplitDirection,
  newId: string,
): PaneLayout {
  return mapPanes(layout, (pane) =>
    pane === id
      ? { kind: 'split', direction, ratio: 0.5, first: onePane(id), second: onePane(newId) }
      : onePane(pane),
  )
}

/** Replaces each pane; null removes it, and its neighbor takes its place. Null: none is left. */
export function mapPanes(layout: PaneLayout, replace: (id: string) => PaneLayout): PaneLayout
export function mapPanes(layout: PaneLayout, replace: (id: string) => PaneLayout | null): PaneLayout | null
export function mapPanes(layout: PaneLayout, replace: (id: string) => PaneLayout | null): PaneLayout | null {
  if (layout.kind === 'pane') return replace(layout.id)
  const first = mapPanes(layout.first, replace)
  const second = mapPanes(layout.second, replace)
  if (first === null || second === null) return first ?? second
  return { ...layout, first, second }
}

/** Only these panes; null: none of them is there. */
export const onlyPanes = (layout: PaneLayout, isKept: (id: string) => boolean): PaneLayout | null =>
  mapPanes(layout, (id) => (isKept(id) ? onePane(id) : null))

/** The first pane of a layout. */
export const firstPane = (layout: PaneLayout): string =>
  layout.kind === 'pane' ? layout.id : firstPane(layout.first)

/** Changes the share of the split that `secondId` identifies. */
export function withRatio(layout: PaneLayout, secondId: string, ratio: number): PaneLayout {
  if (layout.kind === 'pane') return layout
  if (firstPane(layout.second) === secondId) return { ...layout, ratio: clampRatio(ratio) }
  return {
    ...layout,
    first: withRatio(layout.first, secondId, ratio),
    second: withRatio(layout.second, secondId, ratio),
  }
}
