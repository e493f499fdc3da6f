import type { PodId } from '../pods/pod'
import type { Notice } from './snapshot'

/** Notices that windows show until they are dismissed. */
export interface Notices {
  all(): readonly Notice[]
  /** A later notice with the same id replaces the earlier one. */
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
    add(id, podId, text, addedAtMs) {
      notices = [...without(id), { id, podId, text, atMs: addedAtMs }]
    },
    dismiss(id) {
      notices = without(id)
    },
  }
}
