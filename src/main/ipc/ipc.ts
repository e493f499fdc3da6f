import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron'
import { fail } from '../../core/base/result'
import { confirmationChannel, type ConfirmationHandlers } from '../../shared/confirmation'
import { type Handlers, requestChannel, requestNames } from '../../shared/ipc'
import {
  confirmationRules,
  createRequestGate,
  type RequestGate,
  type Sender,
} from '../hardening/request-gate'

export interface ServeOptions {
  /** Whether a window of the app shows these contents. */
  readonly isOurs: (contents: WebContents) => boolean
  /** A monotonic clock, ms. */
  readonly nowMs: () => number
  readonly report: (what: string, cause: unknown) => void
}

/**
 * Answers the windows' requests. What the gate does not admit never reaches a handler; whatever happens, the
 * answer is a Result.
 */
export function serve(handlers: Handlers, options: ServeOptions): void {
  const gate = createRequestGate(options.nowMs)
  for (const name of requestNames) answer(requestChannel(name), name, handlers[name], gate, options)
}

/** The same for the window of a confirmation, by rules of its own. */
export function serveConfirmation(handlers: ConfirmationHandlers, options: ServeOptions): void {
  const gate = createRequestGate(options.nowMs, confirmationRules)
  for (const name of ['confirmation', 'answerConfirmation'] as const)
    answer(confirmationChannel(name), name, handlers[name], gate, options)
}

function answer(
  channel: string,
  name: string,
  handler: (...args: never[]) => unknown,
  gate: RequestGate,
  { isOurs, report }: ServeOptions,
): void {
  ipcMain.handle(channel, async (event, ...args: unknown[]) => {
    const admitted = gate.admit(name, senderOf(event, isOurs), args)
    if (!admitted.ok) return admitted
    try {
      return await (handler as (...given: unknown[]) => unknown)(...admitted.value)
    } catch (cause) {
      report(`A window asked for ${name}, and it failed`, cause)
      return fail({ message: 'Podkeeper stumbled; please try again.' })
    }
  })
}

function senderOf({ sender, senderFrame }: IpcMainInvokeEvent, isOurs: ServeOptions['isOurs']): Sender {
  const isInOurWindow = !sender.isDestroyed() && isOurs(sender)
  try {
    // Throws, or is null, when the frame went away after asking.
    return { url: senderFrame?.url ?? null, isTopFrame: senderFrame?.parent === null, isInOurWindow }
  } catch {
    return { url: null, isTopFrame: false, isInOurWindow }
  }
}
