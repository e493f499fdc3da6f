import type { QuestionView } from '../../core/confirmation/question-queue'
import type { ConfirmationBridge } from '../../shared/confirmation'

/** The question is polled because the pod may change while the dialog is open. */
const POLL_INTERVAL_MS = 1_000

/** The current question of the main process. */
export interface QuestionStore {
  readonly view: () => QuestionView | null
  /** Calls back on changes. Polling runs while there are subscribers. */
  readonly subscribe: (listener: () => void) => () => void
  /** Sends the typed text unchanged (null: canceled). Resolves to the reason for a rejection, or to null. */
  readonly answer: (typed: string | null) => Promise<string | null>
}

export function createQuestionStore(bridge: ConfirmationBridge): QuestionStore {
  const listeners = new Set<() => void>()
  let current: QuestionView | null = null
  let timer: ReturnType<typeof setInterval> | undefined

  async function refresh(): Promise<void> {
    const response = await bridge.confirmation()
    if (!response.ok || response.value === null) return
    current = response.value
    for (const listener of listeners) listener()
  }

  return {
    view: () => current,

    subscribe(listener) {
      listeners.add(listener)
      if (listeners.size === 1) {
        void refresh()
        timer = setInterval(() => void refresh(), POLL_INTERVAL_MS)
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) clearInterval(timer)
      }
    },

    async answer(typed) {
      if (current === null) return null
      const result = await bridge.answerConfirmation(current.token, typed)
      // Each answer uses up the question's token, so a new one is needed.
      await refresh()
      if (!result.ok) return result.error.message
      return result.value.kind === 'refused' ? result.value.message : null
    },
  }
}
