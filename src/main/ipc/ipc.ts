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
  readonly isAppWindow: (contents: WebContents) => boolean
  /** A monotonic clock, ms. */
  readonly nowMs: () => number
  readonly report: (what: string, cause: unknown) => void
}

/**
 * Answers the windows' requests. What the gate does not admit never reaches a handler; whatever happens, the
 * answer is a Result.
 */
export function serveRequests(handlers: Handlers, options: ServeOptions): void {
  const gate = createRequestGate(options.nowMs)
  for (const name of requestNames) handle(requestChannel(name), name, handlers[name], gate, options)
}

/** The same for the window of a confirmation, by rules of its own. */
export function serveConfirmation(handlers: ConfirmationHandlers, options: ServeOptions): void {
  const gate = createRequestGate(options.nowMs, confirmationRules)
  for (const name of ['confirmation', 'answerConfirmation'] as const)
    handle(confirmationChannel(name), name, handlers[name], gate, options)
}

function handle(
  channel: string,
  name: string,
  handler: (...args: never[]) => unknown,
  gate: RequestGate,
  { isAppWindow, report }: ServeOptions,
): void {
  ipcMain.handle(channel, async (event, ...args: unknown[]) => {
    const admission = gate.admit(name, senderOf(event, isAppWindow), args)
    if (!admission.ok) return admission
    try {
      return await (handler as (...given: unknown[]) => unknown)(...admission.value)
    } catch (cause) {
      report(`A window asked for ${name}, and it failed`, cause)
      return fail({ message: 'Podkeeper stumbled; please try again.' })
    }
  })
}

function senderOf({ sender, senderFrame }: IpcMainInvokeEvent, isOurs: ServeOptions['isAppWindow']): Sender {
  const isInAppWindow = !sender.isDestroyed() && isOurs(sender)
  try {
    // Throws, or is null, when the frame went away after asking.
    return { url: senderFrame?.url ?? null, isTopFrame: senderFrame?.parent === null, isInAppWindow }
  } catch {
    return { url: null, isTopFrame: false, isInAppWindow }
  }
}
