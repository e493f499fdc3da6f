import type { ApprovalsOptions } from '../../core/pods-api/access/approvals'
import type { PromptWindow } from './prompt-window'

/** Asks in the app's own window what agents want to do. Closing the question declines it. */
export const showApproval =
  (ask: PromptWindow['ask']): ApprovalsOptions['show'] =>
  ({ question }, answered) => {
    const withdrawn = new AbortController()
    void ask(question, withdrawn.signal).then((asked) => {
      // Where too many questions are open, the command can answer this one.
      if (asked.ok && !withdrawn.signal.aborted) answered(asked.value !== null)
    })
    return () => withdrawn.abort()
  }
