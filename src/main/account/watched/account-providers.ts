import type { Clock } from '../../../core/base/time/clock'
import { fail, ok, type Result } from '../../../core/base/result'
import type { Provider } from '../../../core/pods/provider'
import { accountApi, type LabRecord } from '../../../core/settings/account-record'
import type { HostRule } from '../../../providers/http/base-url'
import type { HubifyKey } from '../../../providers/hubify/key'
import type { DemoLab } from '../../../simulator/demo'
import type { AccountSessionOptions } from '../account-session-options'
import { type ApiAddress, chooseApiAddress, chooseHubifyAddress } from '../api-address'
import type { WatchedAccount } from './watched-account'
import { accountText } from '../account-text'

/** Where the session's keys go. */
export interface AccountProviders {
  /** `clock`: of the API's time. Default: that of the session. */
  runpod(baseUrl: string, apiKey: string, allowed: HostRule, clock?: Pick<Clock, 'now'>): Provider
  /** The same for each use of a key, so that its labs share its quota. */
  hubifyKey(baseUrl: string, apiKey: string): HubifyKey
  /** The lab of the demo, of whose requests nothing is kept. */
  demoLab(lab: DemoLab, clock: Pick<Clock, 'now'>): Provider
}

export interface OpenedProvider {
  readonly provider: Provider
  readonly host: string
}

/**
 * The provider of a stored account with its key. A key is never sent to another host than the one it was given for; the
 * error is a sentence that says so.
 */
export function openProvider(
  account: Pick<WatchedAccount, 'record'>,
  key: string,
  providers: AccountProviders,
  session: Pick<AccountSessionOptions, 'hosts' | 'baseUrl' | 'hubifyBaseUrl' | 'store'>,
): Result<OpenedProvider, string> {
  const record = account.record()
  const api = accountApi(record)
  if (api.kind === 'unusable') return fail(api.problem)
  const { url }: ApiAddress =
    api.kind === 'runpod'
      ? chooseApiAddress(session.baseUrl, session.store.settings().runpodBaseUrl, session.hosts)
      : chooseHubifyAddress(session.hubifyBaseUrl, session.hosts)
  if (!url.ok) return url
  const { href, host } = url.value
  if (href !== record.baseUrl) return fail(accountText.keyForOtherAddress(record.baseUrl, href))
  const provider =
    api.kind === 'runpod'
      ? providers.runpod(href, key, session.hosts)
      : labProvider(account, providers.hubifyKey(href, key), api.lab)
  return ok({ provider, host })
}

/** What the account's record says of announced routes counts at once. */
export const labProvider = (
  account: Pick<WatchedAccount, 'record'>,
  key: HubifyKey,
  { id, slug }: Pick<LabRecord, 'id' | 'slug'>,
): Provider =>
  key.lab({ id, slug }, () => ({
    usesAnnouncedRoutes: account.record().lab?.usesAnnouncedRoutes === true,
  }))
