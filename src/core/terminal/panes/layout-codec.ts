import * as v from 'valibot'
import { clampRatio, MAX_PANES, onePane, type PaneLayout, paneIds } from './pane-layout'

const leafSchema = v.object({ kind: v.literal('pane'), id: v.string() })
const splitSchema = v.object({
  kind: v.literal('split'),
  direction: v.picklist(['right', 'down']),
  ratio: v.number(),
  first: v.unknown(),
  second: v.unknown(),
})

/**
 * Parses the layout of a tab as a file keeps it. Null if it isn't one, names a pane twice or one that `isId` doesn't
 * accept, or has too many.
 */
export function parsePaneLayout(value: unknown, isId: (id: string) => boolean): PaneLayout | null {
  const layout = parsePart(value, isId, MAX_PANES)
  if (layout === null) return null
  const ids = paneIds(layout)
  return ids.length <= MAX_PANES && new Set(ids).size === ids.length ? layout : null
}

/** A tree of `depth` panes is at most that deep. */
function parsePart(value: unknown, isId: (id: string) => boolean, depth: number): PaneLayout | null {
  if (depth === 0) return null
  const leaf = v.safeParse(leafSchema, value)
  if (leaf.success) return isId(leaf.output.id) ? onePane(leaf.output.id) : null
  const split = v.safeParse(splitSchema, value)
  if (!split.success) return null
  const { kind, direction, ratio } = split.output
  const first = parsePart(split.output.first, isId, depth - 1)
  const second = parsePart(split.output.second, isId, depth - 1)
  if (first === null || second === null) return null
  return { kind, direction, ratio: clampRatio(ratio), first, second }
}
