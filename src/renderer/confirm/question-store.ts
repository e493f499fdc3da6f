import type { ConfirmationBridge, PromptView } from '../../shared/confirmation'

/** How often the question is asked for anew, ms: the pod may change while it stands. */
const POLL_INTERVAL_MS = 1_000

/** The question as the app has it now. */
export interface QuestionStore {
  readonly view: () => PromptView | null
  /** Calls back when it changed; returns what ends that, and with the last one the asking. */
  readonly subscribe: (listener: () => void) => () => void
  /** Hands on what was typed (null: no), as it is; why it was refused, in words, or null. */
  readonly answer: (typed: string | null) => Promise<string | null>
}

export function createQuestionStore(bridge: ConfirmationBridge): QuestionStore {
  const listeners = new Set<() => void>()
  let current: PromptView | null = null
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
      // The answer used up its token.
      await refresh()
      if (!result.ok) return result.error.message
      return result.value.kind === 'refused' ? result.value.message : null
    },
  }
}
