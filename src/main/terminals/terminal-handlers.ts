import { fail } from '../../core/result'
import type { Handlers } from '../../shared/ipc'
import type { TerminalRequests } from '../../shared/terminal-requests'
import { terminalRequestSchemas } from '../../shared/terminal-requests'

export type TerminalRequestName = keyof TerminalRequests

export function createTerminalHandlers(): Pick<Handlers, TerminalRequestName> {
  const none = () => fail({ message: 'There are no terminals yet.' })
  return Object.fromEntries(
    Object.keys(terminalRequestSchemas).map((name) => [name, none]),
  ) as unknown as Pick<Handlers, TerminalRequestName>
}
