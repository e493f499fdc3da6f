import { fail, ok, type Result } from '../../core/base/result'
import type { askServer, ServerReply, ServerRequest } from './server-client'
import { type AccountServer, hostOf } from './servers-file'
import { serversText } from './servers-text'

/** Why the server did not do what it was asked. The message is a sentence. */
export interface ServerRefusal {
  /** `lost`: it may have been done. `unreachable`: it was not. */
  readonly code: 'lost' | 'unreachable' | 'failed'
  /** Nobody there answered, or it watches nothing. */
  readonly isLost: boolean
  readonly message: string
}

/** What is to be looked at where it isn't known whether something was done. */
export type UnclearAbout = 'pod' | 'queue'

/** Asks the server that keeps an account. */
export type AskKeeper = (
  request: ServerRequest,
  about: UnclearAbout,
) => Promise<Result<Pick<ServerReply, 'status' | 'data' | 'meta'>, ServerRefusal>>

export function keeperAsker(server: AccountServer, send: typeof askServer): AskKeeper {
  const host = hostOf(server)
  return async (request, about) => {
    const reply = await send(server, request)
    const lost = (why: string, mayBeDone: boolean): Result<never, ServerRefusal> =>
      mayBeDone && request.method !== 'GET'
        ? fail({ code: 'lost', isLost: true, message: serversText.unclear(host, why, about) })
        : fail({ code: 'unreachable', isLost: true, message: serversText.unreachable(host, why) })
    if (!reply.ok) return lost(reply.error.message, reply.error.isSent)
    const { status, data, meta, problem } = reply.value
    if (problem === null) return ok({ status, data, meta })
    // A proxy in front of it may give up on what the server carries out.
    if (status >= 500 || status === 429) return lost(problem, status !== 429 && status !== 503)
    return fail({ code: 'failed', isLost: false, message: serversText.refused(host, problem) })
  }
}
