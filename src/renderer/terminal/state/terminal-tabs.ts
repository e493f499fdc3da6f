import type { TerminalId, TerminalView } from '../../../core/terminal/terminal'

type Named = Pick<TerminalView, 'id' | 'podId' | 'podName' | 'name'>

/** What a tab is called: as the person said, else the pod's name, with a number where the pod has several. */
export function tabName(terminal: Named, all: readonly Named[]): string {
  if (terminal.name !== null) return terminal.name
  const siblings = all.filter(({ podId, name }) => podId === terminal.podId && name === null)
  const place = siblings.findIndex(({ id }) => id === terminal.id)
  return place < 1 ? terminal.podName : `${terminal.podName} (${place + 1})`
}

/** The tab `by` places further, around the end; null: there is none. */
export function stepTab(ids: readonly TerminalId[], from: TerminalId | null, by: number): TerminalId | null {
  if (ids.length === 0) return null
  const place = from === null ? -1 : ids.indexOf(from)
  if (place === -1) return ids[0] ?? null
  return ids[(((place + by) % ids.length) + ids.length) % ids.length] ?? null
}

/** The tab that takes the place of `gone`, which stood in `before` and no longer does in `now`. */
export function tabAfter(
  gone: TerminalId | null,
  before: readonly TerminalId[],
  now: readonly TerminalId[],
): TerminalId | null {
  if (gone === null) return now[0] ?? null
  const place = Math.max(0, before.indexOf(gone))
  const next = before.slice(place + 1).find((id) => now.includes(id))
  return next ?? now.at(-1) ?? null
}

/** Where a tab lands that is dropped at `x`, from 0; `middles` are those of all tabs from left to right, px. */
export function dropIndex(middles: readonly number[], from: number, x: number): number {
  const others = middles.filter((_, index) => index !== from)
  return others.filter((middle) => middle < x).length
}
