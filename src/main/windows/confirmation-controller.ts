import { randomUUID } from 'node:crypto'
import { type ConfirmationDesk, createConfirmationDesk } from '../../core/confirmation/confirmation-prompt'
import { createPassphraseDesk } from '../../core/confirmation/passphrase-prompt'
import type { Clock } from '../../core/base/clock'
import { ok } from '../../core/base/result'
import type { ConfirmationHandlers, QuestionView } from '../../shared/confirmation'
import { createConfirmWindow } from './confirm-window'
import { serveConfirmation } from '../ipc/ipc'
import type { Session } from '../account/account-session'

const CLOSES_AFTER_MS = 500

export interface ConfirmationOptions {
  readonly clock: Clock
  /** There by the time that somebody asks. */
  readonly session: () => Pick<Session, 'ask'>
  readonly report: (what: string, cause?: unknown) => void
}

/**
 * Asks before something is destroyed, and for passphrases, in a window of its own, which alone can answer. One question
 * at a time: what is in front stays until it is answered.
 */
export interface Confirmation extends Pick<ConfirmationDesk, 'ask'> {
  /** Null: no. */
  readonly askPassphrase: (keyName: string, isAgain: boolean, signal: AbortSignal) => Promise<string | null>
  /** Brings a question for a passphrase to the front, if there is one. */
  readonly showPassphraseQuestion: () => void
}

export function createConfirmation({ clock, session, report }: ConfirmationOptions): Confirmation {
  let cancelClosing = (): void => {}
  let front: QuestionView['kind'] | null = null
  const desk = createConfirmationDesk({
    clock,
    newToken: randomUUID,
    seen() {
      const seen = session().ask((monitor) => ok(monitor.seen()))
      return seen.ok ? seen.value : null
    },
    async look(podId) {
      const looking = session().ask((monitor) => ok(monitor.readAfresh(podId)))
      return looking.ok ? looking.value : looking
    },
    carryOut: (purpose, confirmed) =>
      session().ask((monitor) =>
        purpose === 'terminate' ? monitor.terminate(confirmed) : monitor.terminateAtMaxHours(confirmed),
      ),
    show: () => window.show(),
    close: showWhatIsLeft,
  })
  const passphrases = createPassphraseDesk({ newToken: randomUUID, onChange: showWhatIsLeft })
  const window = createConfirmWindow(() => {
    if (view()?.kind === 'passphrase') passphrases.drop()
    else {
      desk.drop()
      showWhatIsLeft()
    }
  }, report)

  function view(): QuestionView | null {
    const passphrase = passphrases.view()
    if (front === 'passphrase' && passphrase !== null) return passphrase
    const confirmation = desk.view()
    const shown = confirmation === null ? passphrase : ({ kind: 'confirmation', ...confirmation } as const)
    front = shown?.kind ?? null
    return shown
  }

  function showWhatIsLeft(): void {
    cancelClosing()
    const last = front
    if (view() !== null) window.show()
    // A passphrase that was wrong is asked for again at once.
    else if (last === 'passphrase') cancelClosing = clock.schedule(CLOSES_AFTER_MS, () => window.close())
    else window.close()
  }

  const handlers: ConfirmationHandlers = {
    confirmation: () => ok(view()),
    async answerConfirmation(token, typed) {
      if (passphrases.answer(token, typed)) return ok({ kind: 'done' })
      if (view()?.kind === 'passphrase')
        return ok({ kind: 'refused', message: 'This question is not open any more.' })
      return ok(await desk.answer(token, typed))
    },
  }
  serveConfirmation(handlers, {
    isOurs: (contents) => window.shows(contents),
    nowMs: () => clock.now().monotonicMs,
    report,
  })
  return {
    ask: (podId, purpose) => desk.ask(podId, purpose),
    async askPassphrase(keyName, isAgain, signal) {
      if (signal.aborted) return null
      const question = passphrases.ask(keyName, isAgain)
      signal.addEventListener('abort', question.withdraw, { once: true })
      try {
        return await question.answer
      } finally {
        signal.removeEventListener('abort', question.withdraw)
      }
    },
    showPassphraseQuestion() {
      if (passphrases.view() !== null) window.show()
    },
  }
}
