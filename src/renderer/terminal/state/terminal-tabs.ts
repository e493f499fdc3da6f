import type { TerminalId, TerminalView } from '../../../core/terminal/terminal'

type NamedTerminal = Pick<TerminalView, 'id' | 'podId' | 'podName' | 'name'>

/** What a tab is called: as the person said, else the pod's name, with a number where the pod has several. */
export function tabName(terminal: NamedTerminal, all: readonly NamedTerminal[]): string {
  if (terminal.name !== null) return terminal.name
  const siblings = all.filter(({ podId, name }) => podId === terminal.podId && name === null)
  const position = siblings.findIndex(({ id }) => id === terminal.id)
  return position < 1 ? terminal.podName : `${terminal.podName} (${position + 1})`
}

/** The tab `by` places further, around the end; null: there is none. */
export function adjacentTab(
  ids: readonly TerminalId[],
  fromId: TerminalId | null,
  offset: number,
): TerminalId | null {
  if (ids.length === 0) return null
  const position = fromId === null ? -1 : ids.indexOf(fromId)
  if (position === -1) return ids[0] ?? null
  return ids[(((position + offset) % ids.length) + ids.length) % ids.length] ?? null
}

/** The tab that takes the place of `gone`, which stood in `before` and no longer does in `now`. */
export function tabAfterClosing(
  closedId: TerminalId | null,
  previousIds: readonly TerminalId[],
  remainingIds: readonly TerminalId[],
): TerminalId | null {
  if (closedId === null) return remainingIds[0] ?? null
  const position = Math.max(0, previousIds.indexOf(closedId))
  const next = previousIds.slice(position + 1).find((id) => remainingIds.includes(id))
  return next ?? remainingIds.at(-1) ?? null
}

/** Where a tab lands that is dropped at `x`, from 0; `middles` are those of all tabs from left to right, px. */
export function dropIndex(centers: readonly number[], fromIndex: number, x: number): number {
  const others = centers.filter((_, index) => index !== fromIndex)
  return others.filter((center) => center < x).length
}
