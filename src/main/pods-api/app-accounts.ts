import type { AccountId } from '../../core/pods/pod'
import type { Provider } from '../../core/pods/provider'
import type { AccountRecord } from '../../core/settings/account-record'
import { createApiAccess } from '../../node/pods-api/accounts/api-access'
import { createHolder } from '../../node/pods-api/accounts/holder'
import {
  type AccountsApi,
  serveAccounts,
  type ServeAccountsOptions,
  type ServedAccounts,
} from '../../node/pods-api/accounts/serve-accounts'
import { type ServedAccount, slugOf } from '../../node/pods-api/accounts/served-account'

export interface ServeAppAccountsOptions extends Pick<
  ServeAccountsOptions,
  'folder' | 'clock' | 'version' | 'report'
> {
  readonly store: { accounts(): readonly AccountRecord[] }
  readonly provider: (accountId: AccountId) => Provider | null
  readonly port: number
}

/** Serves the app's accounts. Rejects where it cannot listen, with the error of the system. */
export function serveAppAccounts(options: ServeAppAccountsOptions): Promise<ServedAccounts> {
  const { folder, clock, version, report, port } = options
  return serveAccounts({
    folder,
    listenAt: { kind: 'address', host: '127.0.0.1', port },
    clock,
    version,
    api: openAppAccounts(options),
    report,
  })
}

/** Through the program that watches the folder: the app, or a command that it waits for. */
function openAppAccounts({ folder, clock, store, provider }: ServeAppAccountsOptions): AccountsApi {
  // Where nobody watches, the app is about to.
  const holder = createHolder({ folder, clock, onNobody: () => {} })
  const accounts = (): readonly ServedAccount[] => {
    const slugs: string[] = []
    return store
      .accounts()
      .filter(({ isPaused }) => isPaused !== true)
      .map(({ id, name, lab }) => {
        const slug = slugOf(lab?.slug || name, slugs)
        slugs.push(slug)
        return { id, name, slug, hubifyLabId: lab?.id ?? null, provider: provider(id) }
      })
  }
  return {
    holder,
    accounts,
    access: createApiAccess({ folder, holder, accounts, nowMs: () => clock.now().wallMs }),
    close: () => Promise.resolve(holder.close()),
  }
}
