import type { IpcMainInvokeEvent } from 'electron'
import { ipcMain } from 'electron'
import * as v from 'valibot'
import { fail } from '../core/result'
import type { Handlers } from '../shared/ipc'
import { requestChannel, requestNames, requestSchemas } from '../shared/ipc'
import { isOurUrl } from './pages'

/**
 * Answers the windows' requests. Each is checked for its sender (the top frame of one of our pages), its
 * number of arguments and their shapes before its handler sees it; whatever happens, the answer is a Result.
 */
export function serve(handlers: Handlers, report: (what: string, cause: unknown) => void): void {
  for (const name of requestNames)
    ipcMain.handle(requestChannel(name), async (event, ...args: unknown[]) => {
      if (!isTrusted(event)) return fail({ message: 'This page may not ask that.' })
      const parsed = v.safeParse(requestSchemas[name], args)
      if (!parsed.success || parsed.output.length !== args.length)
        return fail({ message: `Podkeeper's window asked for ${name} in a way that makes no sense.` })
      try {
        const handle = handlers[name] as (...given: unknown[]) => unknown
        return await handle(...parsed.output)
      } catch (cause) {
        report(`A window asked for ${name}, and it failed`, cause)
        return fail({ message: 'Podkeeper stumbled; please try again.' })
      }
    })
}

function isTrusted({ senderFrame }: IpcMainInvokeEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && isOurUrl(senderFrame.url)
}
