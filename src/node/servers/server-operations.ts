import * as v from 'valibot'
import { fail, ok, type Result } from '../../core/base/result'
import { podRulesReplySchema } from '../../core/pods-api/api-schemas'
import type { KeepOnChoice, PodRuleChanges } from '../../core/pod-rules/pod-rules'
import type { AccountId, PodId } from '../../core/pods/pod'
import type { ServerPodRules } from '../../core/view/window/server-rules'
import { type AskKeeper, keeperAsker, type ServerRefusal } from './ask-keeper'
import { askServer, type ServerRequest } from './server-client'
import { type ServerJobs, serverJobs } from './server-jobs'
import { serversText } from './servers-text'
import { type AccountServer, hostOf, serverOf } from './servers-file'

/**
 * What windows and commands ask of the server that keeps an account, in place of `AccountOperations`. See
 * docs/product-rules.md#166-kept-by-a-server.
 */
export interface ServerOperations extends ServerJobs {
  /** Whether it is over, so that it need not be waited for. */
  readonly act: (
    podId: PodId,
    action: 'start' | 'stop',
  ) => Promise<Result<{ readonly isOver: boolean }, ServerRefusal>>
  /** Null ends it. */
  readonly keepOn: (podId: PodId, choice: KeepOnChoice | null) => Promise<Result<void, ServerRefusal>>
  readonly changePodRules: (podId: PodId, changes: PodRuleChanges) => Promise<Result<void, ServerRefusal>>
  readonly podRules: (podId: PodId) => Promise<Result<ServerPodRules, ServerRefusal>>
}

/** Of an account of which nobody can say which server keeps it: nothing can be asked. `message`: a sentence. */
export function unknownServer(message: string): ServerOperations {
  const unknown = async () => fail({ code: 'unreachable', isLost: true, message } as const)
  return {
    act: unknown,
    keepOn: unknown,
    changePodRules: unknown,
    podRules: unknown,
    addJob: unknown,
    jobs: unknown,
    cancelJob: unknown,
    jobLog: unknown,
  }
}

/** Of an account in a data folder, read at this moment; null: this computer keeps it. */
export function keeperInFolder(folder: string, accountId: AccountId): ServerOperations | null {
  const server = serverOf(folder, accountId)
  if (!server.ok) return unknownServer(server.error)
  return server.value && serverOperations(server.value)
}

const podPath = (podId: PodId, route: string): string => `/api/v1/pods/${encodeURIComponent(podId)}/${route}`

export function serverOperations(server: AccountServer, send = askServer): ServerOperations {
  const host = hostOf(server)
  const askKeeper = keeperAsker(server, send)
  const ask = (request: ServerRequest): ReturnType<AskKeeper> => askKeeper(request, 'pod')

  async function change(request: ServerRequest): Promise<Result<void, ServerRefusal>> {
    const asked = await ask(request)
    return asked.ok ? ok(undefined) : asked
  }

  return {
    ...serverJobs(server, askKeeper),
    async act(podId, action) {
      const asked = await ask({ method: 'POST', path: podPath(podId, action) })
      return asked.ok ? ok({ isOver: asked.value.status === 200 }) : asked
    },
    keepOn: (podId, choice) =>
      change({ method: 'POST', path: podPath(podId, 'keep-running'), body: { for: choice ?? 'off' } }),
    changePodRules: (podId, changes) =>
      change({ method: 'PATCH', path: podPath(podId, 'rules'), body: changes }),
    async podRules(podId) {
      const asked = await ask({ method: 'GET', path: podPath(podId, 'rules') })
      if (!asked.ok) return asked
      const read = v.safeParse(podRulesReplySchema, asked.value.data)
      return read.success
        ? ok(read.output)
        : fail({ code: 'failed', isLost: false, message: serversText.unreadableReply(host) })
    },
  }
}
