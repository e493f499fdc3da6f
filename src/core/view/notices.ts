import type { PodId } from '../pods/pod'
import type { Notice } from './snapshot'

/** What is to be said once in the windows, until somebody dismisses it. */
export interface Notices {
  all(): readonly Notice[]
  /** A later one with the same id takes the place of the earlier. */
  add(id: string, podId: PodId | null, text: string, atMs: number): void
  dismiss(id: string): void
}

export function createNotices(opening: readonly string[], atMs: number): Notices {
  let notices: readonly Notice[] = opening.map((text, index) => ({
    id: `opening-${index}`,
    atMs,
    podId: null,
    text,
  }))
  const without = (id: string): readonly Notice[] => notices.filter((notice) => notice.id !== id)
  return {
    all: () => notices,
    add(id, podId, text, saidAtMs) {
      notices = [...without(id), { id, podId, text, atMs: saidAtMs }]
    },
    dismiss(id) {
      notices = without(id)
    },
  }
}
