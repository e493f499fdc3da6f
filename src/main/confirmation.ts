import { randomUUID } from 'node:crypto'
import type { ConfirmationDesk } from '../core/confirmation-desk'
import { createConfirmationDesk } from '../core/confirmation-desk'
import type { Monitor } from '../core/monitor'
import type { Clock } from '../core/ports'
import { fail, ok } from '../core/result'
import type { ConfirmationHandlers } from '../shared/confirmation'
import { createConfirmWindow } from './confirm-window'
import { serveConfirmation } from './ipc'
import type { Session } from './session'

export interface ConfirmationOptions {
  readonly clock: Clock
  /** There by the time that somebody asks. */
  readonly session: () => Pick<Session, 'ask' | 'monitor'>
  readonly report: (what: string, cause?: unknown) => void
}

/** Asks before something is destroyed, in a window of its own, which alone can say yes. */
export function createConfirmation({
  clock,
  session,
  report,
}: ConfirmationOptions): Pick<ConfirmationDesk, 'ask'> {
  const monitor = (): Monitor | null => session().monitor()
  const desk = createConfirmationDesk({
    clock,
    newToken: randomUUID,
    seen: () => monitor()?.seen() ?? null,
    look: async (podId) => (await monitor()?.readAfresh(podId)) ?? fail('No account is connected.'),
    carryOut: (purpose, confirmed) =>
      session().ask((asked) =>
        purpose === 'terminate' ? asked.terminate(confirmed) : asked.terminateAtMaxHours(confirmed),
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
