import type { AlertMarks, MarkStore } from '../../core/alerts/alert-history'

/** Marks for the demo, whose pods do not outlive it. */
export function createMemoryMarks(): MarkStore {
  let kept: AlertMarks = {}
  return {
    load: () => kept,
    save: (marks) => {
      kept = marks
    },
  }
}
