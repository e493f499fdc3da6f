import type { AlertMarks } from '../../core/alerts/alert-history'
import type { MarkStore } from '../../core/base/clock'

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
