import { type ApiCaller, mayAccess, visibleDetails } from '../../../core/pods-api/api-caller'
import type { ApiBackend } from '../../../core/pods-api/api-types'
import { ApiUnavailable } from '../api-server'
import { createAccountBackend } from './account-backend'
import type { Holder } from './holder'
import { createPendingConfirmations } from './pending-confirmations'
import type { ReadAccount, ServedAccount } from './served-account'
import { serveText } from './serve-text'
import { newConfirmationId } from './token-actions'

export interface ApiAccessOptions {
  readonly folder: string
  readonly holder: Holder
  readonly accounts: () => readonly ServedAccount[]
  readonly nowMs: () => number
}

/** The accounts, as callers may see them. */
export interface ApiAccess {
  readonly backendFor: (caller: ApiCaller) => Promise<ApiBackend>
  /** Those that the caller may access; `unread`: why others could not be read, by id. */
  readonly readAll: (caller: ApiCaller) => Promise<{
    readonly read: readonly ReadAccount[]
    readonly unread: ReadonlyMap<string, string>
  }>
}

export function createApiAccess({ folder, holder, accounts, nowMs }: ApiAccessOptions): ApiAccess {
  const confirmations = createPendingConfirmations(newConfirmationId)

  async function readAll(caller: ApiCaller) {
    const unread = new Map<string, string>()
    const readOne = async (account: ServedAccount): Promise<readonly ReadAccount[]> => {
      try {
        const details = await holder.details(account.id)
        if (details.listedAtMs !== null) return [{ account, details: visibleDetails(caller, details) }]
        unread.set(account.id, serveText.notRead(details.connection))
      } catch (cause) {
        if (!(cause instanceof ApiUnavailable)) throw cause
        unread.set(account.id, cause.message)
      }
      return []
    }
    const own = accounts().filter(({ id }) => mayAccess(caller, id))
    const read = (await Promise.all(own.map(readOne))).flat()
    return { read, unread }
  }

  return {
    readAll,
    async backendFor(caller) {
      const [{ read, unread }, queue] = await Promise.all([readAll(caller), holder.queue().catch(() => null)])
      return createAccountBackend({
        folder,
        holder,
        caller,
        accounts: accounts(),
        read,
        queue,
        confirmations,
        nowMs,
        requireRead({ id }) {
          const found = read.find(({ account }) => account.id === id)
          if (found === undefined) throw new ApiUnavailable(unread.get(id) ?? serveText.nobody)
          return found
        },
      })
    },
  }
}
