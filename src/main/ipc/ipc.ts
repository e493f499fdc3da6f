import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron'
import { requestFailedText } from '../../core/base/text/error-text'
import { fail } from '../../core/base/result'
import { confirmationChannel, type ConfirmationHandlers } from '../../shared/confirmation'
import { FILE_DROP_CHANNEL } from '../../shared/file-drop'
import { type Handlers, requestChannel, requestNames } from '../../shared/ipc'
import {
  confirmationRules,
  createRequestGate,
  type RequestGate,
  type RequestResult,
  type Sender,
} from '../hardening/request-gate'

export interface ServeOptions {
  /** Whether these contents belong to a window of the app. */
  readonly isAppWindow: (contents: WebContents) => boolean
  /** Why these contents may not have an admitted request; null: they may. */
  readonly refusalOf?: (name: string, args: readonly unknown[], contents: WebContents) => string | null
  /** A monotonic clock, ms. */
  readonly nowMs: () => number
  readonly report: (what: string, cause: unknown) => void
}

/**
 * Handles the windows' requests. Only requests that the gate admits reach a handler, and the reply is always
 * a Result.
 */
export function serveRequests(handlers: Handlers, options: ServeOptions): void {
  const gate = createRequestGate(options.nowMs)
  for (const name of requestNames) handle(requestChannel(name), name, handlers[name], gate, options)
}

/** The same for the confirmation window, with its own rules. */
export function serveConfirmation(handlers: ConfirmationHandlers, options: ServeOptions): void {
  const gate = createRequestGate(options.nowMs, confirmationRules)
  for (const name of ['confirmation', 'answerConfirmation'] as const)
    handle(confirmationChannel(name), name, handlers[name], gate, options)
}

/** Passes on drops of files, which the preload script sends and which have a gate of their own. */
export function serveFileDrops(
  take: (sender: Sender, args: readonly unknown[]) => Promise<void>,
  isAppWindow: ServeOptions['isAppWindow'],
): void {
  ipcMain.handle(FILE_DROP_CHANNEL, (event, ...args: unknown[]) => take(senderOf(event, isAppWindow), args))
}

function handle(
  channel: string,
  name: string,
  handler: (...args: never[]) => unknown,
  gate: RequestGate,
  { isAppWindow, refusalOf, report }: ServeOptions,
): void {
  ipcMain.handle(channel, (event, ...args: unknown[]) =>
    gate.answer(name, senderOf(event, isAppWindow), args, async (admitted) => {
      const refusal = refusalOf?.(name, admitted, event.sender) ?? null
      if (refusal !== null) return fail(refusal)
      try {
        return await (handler as (...given: readonly unknown[]) => Promise<RequestResult>)(...admitted)
      } catch (cause) {
        report(`A window asked for ${name}, and it failed`, cause)
        return fail(requestFailedText)
      }
    }),
  )
}

function senderOf({ sender, senderFrame }: IpcMainInvokeEvent, isOurs: ServeOptions['isAppWindow']): Sender {
  const isInAppWindow = !sender.isDestroyed() && isOurs(sender)
  try {
    // Throws or is null when the frame was destroyed after the request.
    return { url: senderFrame?.url ?? null, isTopFrame: senderFrame?.parent === null, isInAppWindow }
  } catch {
    return { url: null, isTopFrame: false, isInAppWindow }
  }
}
