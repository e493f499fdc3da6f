import { randomUUID } from 'node:crypto'
import type { ConfirmationDesk } from '../core/confirmation-desk'
import { createConfirmationDesk } from '../core/confirmation-desk'
import type { Clock } from '../core/ports'
import { ok } from '../core/result'
import type { ConfirmationHandlers } from '../shared/confirmation'
import { createConfirmWindow } from './confirm-window'
import { serveConfirmation } from './ipc'
import type { Session } from './session'

export interface ConfirmationOptions {
  readonly clock: Clock
  /** There by the time that somebody asks. */
  readonly session: () => Pick<Session, 'ask'>
  readonly report: (what: string, cause?: unknown) => void
}

/** Asks before something is destroyed, in a window of its own, which alone can say yes. */
export function createConfirmation({
  clock,
  session,
  report,
}: ConfirmationOptions): Pick<ConfirmationDesk, 'ask'> {
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
    close: () => window.close(),
  })
  const window = createConfirmWindow(() => desk.drop(), report)
  const handlers: ConfirmationHandlers = {
    confirmation: () => ok(desk.view()),
    answerConfirmation: async (token, typed) => ok(await desk.answer(token, typed)),
  }
  serveConfirmation(handlers, {
    isOurs: (contents) => window.shows(contents),
    nowMs: () => clock.now().monotonicMs,
    report,
  })
  return desk
}
