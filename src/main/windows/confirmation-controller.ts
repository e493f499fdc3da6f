import { randomUUID } from 'node:crypto'
import {
  type ConfirmationPrompt,
  createConfirmationPrompt,
} from '../../core/confirmation/confirmation-prompt'
import { createPassphrasePrompt } from '../../core/confirmation/passphrase-prompt'
import type { Clock } from '../../core/base/clock'
import { ok } from '../../core/base/result'
import type { ConfirmationHandlers, PromptView } from '../../shared/confirmation'
import { createConfirmWindow } from './confirm-window'
import { serveConfirmation } from '../ipc/ipc'
import type { AccountSession } from '../account/account-session'

const CLOSE_DELAY_MS = 500

export interface ConfirmationControllerOptions {
  readonly clock: Clock
  readonly session: Pick<AccountSession, 'withMonitor'>
  readonly report: (what: string, cause?: unknown) => void
}

/**
 * Asks for confirmations and passphrases in a separate window, which is the only one that can answer. One
 * prompt at a time; the front prompt stays until it is answered.
 */
export interface ConfirmationController extends Pick<ConfirmationPrompt, 'request'> {
  /** Null when refused. */
  readonly askPassphrase: (keyName: string, isRetry: boolean, signal: AbortSignal) => Promise<string | null>
  /** Brings an open passphrase prompt to the front. */
  readonly showPassphrasePrompt: () => void
}

export function createConfirmationController({
  clock,
  session,
  report,
}: ConfirmationControllerOptions): ConfirmationController {
  let cancelClosing = (): void => {}
  let shownKind: PromptView['kind'] | null = null
  const confirmationPrompt = createConfirmationPrompt({
    clock,
    newToken: randomUUID,
    accountPods() {
      const account = session.withMonitor((monitor) => ok(monitor.accountPods()))
      return account.ok ? account.value : null
    },
    async refreshPod(podId) {
      const refreshed = session.withMonitor((monitor) => ok(monitor.refreshPod(podId)))
      return refreshed.ok ? refreshed.value : refreshed
    },
    execute: (purpose, confirmed) =>
      session.withMonitor((monitor) =>
        purpose === 'terminate' ? monitor.terminate(confirmed) : monitor.terminateAtMaxHours(confirmed),
      ),
    show: () => window.show(),
    close: showNextPrompt,
  })
  const passphrasePrompt = createPassphrasePrompt({ newToken: randomUUID, onChange: showNextPrompt })
  const window = createConfirmWindow(() => {
    if (view()?.kind === 'passphrase') passphrasePrompt.dismiss()
    else {
      confirmationPrompt.dismiss()
      showNextPrompt()
    }
  }, report)

  function view(): PromptView | null {
    const passphrase = passphrasePrompt.view()
    if (shownKind === 'passphrase' && passphrase !== null) return passphrase
    const confirmation = confirmationPrompt.view()
    const shown = confirmation === null ? passphrase : ({ kind: 'confirmation', ...confirmation } as const)
    shownKind = shown?.kind ?? null
    return shown
  }

  function showNextPrompt(): void {
    cancelClosing()
    const previousKind = shownKind
    if (view() !== null) window.show()
    // After a wrong passphrase the prompt is shown again immediately.
    else if (previousKind === 'passphrase')
      cancelClosing = clock.schedule(CLOSE_DELAY_MS, () => window.close())
    else window.close()
  }

  const handlers: ConfirmationHandlers = {
    confirmation: () => ok(view()),
    async answerConfirmation(token, typed) {
      if (passphrasePrompt.answer(token, typed)) return ok({ kind: 'done' })
      if (view()?.kind === 'passphrase')
        return ok({ kind: 'refused', message: 'This question is not open any more.' })
      return ok(await confirmationPrompt.answer(token, typed))
    },
  }
  serveConfirmation(handlers, {
    isAppWindow: (contents) => window.shows(contents),
    nowMs: () => clock.now().monotonicMs,
    report,
  })
  return {
    request: (podId, purpose) => confirmationPrompt.request(podId, purpose),
    async askPassphrase(keyName, isRetry, signal) {
      if (signal.aborted) return null
      const request = passphrasePrompt.request(keyName, isRetry)
      signal.addEventListener('abort', request.cancel, { once: true })
      try {
        return await request.answer
      } finally {
        signal.removeEventListener('abort', request.cancel)
      }
    },
    showPassphrasePrompt() {
      if (passphrasePrompt.view() !== null) window.show()
    },
  }
}
