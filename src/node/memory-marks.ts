import type { AlertMarks } from '../core/alert-marks'
import type { MarkStore } from '../core/ports'

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
