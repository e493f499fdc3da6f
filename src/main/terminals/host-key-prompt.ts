import { fail, ok, type Result } from '../../core/base/result'
import type { HostKeyQuestion } from '../../core/terminal/host-key'

/** The host key prompt of one terminal. */
export interface HostKeyPrompt {
  request(question: HostKeyQuestion, signal: AbortSignal): Promise<boolean>
  /** Applies only to the key that was shown. */
  readonly answer: (fingerprint: string, isTrusted: boolean) => Result<void, string>
  /** Refuses an open prompt. */
  dismiss(): void
}

export function createHostKeyPrompt(show: (question: HostKeyQuestion) => void): HostKeyPrompt {
  let pending: { readonly fingerprint: string; readonly settle: (isTrusted: boolean) => void } | null = null

  function settle(isTrusted: boolean): void {
    const question = pending
    pending = null
    question?.settle(isTrusted)
  }

  return {
    request(question, signal) {
      settle(false)
      if (signal.aborted) return Promise.resolve(false)
      return new Promise((resolve) => {
        const own = { fingerprint: question.offered.fingerprint, settle: resolve }
        pending = own
        signal.addEventListener('abort', () => pending === own && settle(false), { once: true })
        show(question)
      })
    },
    answer(fingerprint, isTrusted) {
      if (pending === null) return fail('Nothing is asked there any more.')
      if (pending.fingerprint !== fingerprint)
        return fail('The key is another one than the one that you saw. Look again.')
      settle(isTrusted)
      return ok(undefined)
    },
    dismiss: () => settle(false),
  }
}
