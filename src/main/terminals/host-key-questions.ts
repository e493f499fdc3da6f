import { fail, ok, type Result } from '../../core/base/result'
import type { HostKeyQuestion } from '../../core/terminal/host-key'

/** The question for a host key of one terminal. */
export interface HostKeyQuestions {
  ask(question: HostKeyQuestion, signal: AbortSignal): Promise<boolean>
  /** Counts only for the key that was shown. */
  readonly answer: (fingerprint: string, isTrusted: boolean) => Result<void, string>
  /** No to one that is open. */
  drop(): void
}

export function createHostKeyQuestions(show: (question: HostKeyQuestion) => void): HostKeyQuestions {
  let open: { readonly fingerprint: string; readonly settle: (isTrusted: boolean) => void } | null = null

  function settle(isTrusted: boolean): void {
    const question = open
    open = null
    question?.settle(isTrusted)
  }

  return {
    ask(question, signal) {
      settle(false)
      if (signal.aborted) return Promise.resolve(false)
      return new Promise((resolve) => {
        const mine = { fingerprint: question.offered.fingerprint, settle: resolve }
        open = mine
        signal.addEventListener('abort', () => open === mine && settle(false), { once: true })
        show(question)
      })
    },
    answer(fingerprint, isTrusted) {
      if (open === null) return fail('Nothing is asked there any more.')
      if (open.fingerprint !== fingerprint)
        return fail('The key is another one than the one that you saw. Look again.')
      settle(isTrusted)
      return ok(undefined)
    },
    drop: () => settle(false),
  }
}
