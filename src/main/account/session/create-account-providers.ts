import { accountIdOf } from '../../../node/account-id'
import { createHubifyKeys } from '../../../providers/hubify/hubify-keys'
import { createHubifyKey, HUBIFY_BASE_URL } from '../../../providers/hubify/key'
import { providers } from '../../../providers/index'
import type { AccountProviders } from '../watched/account-providers'
import type { AccountSessionOptions } from '../account-session-options'

/** Each key is hidden from the log from then on. */
export function createAccountProviders({
  clock,
  log,
  version,
  hosts,
  proxyEnvironment,
  openKeyUsage,
}: Pick<
  AccountSessionOptions,
  'clock' | 'log' | 'version' | 'hosts' | 'proxyEnvironment' | 'openKeyUsage'
>): AccountProviders {
  const common = { version, proxyEnvironment, now: () => clock.now(), random: Math.random }
  const hubifyKeys = createHubifyKeys({
    ...common,
    hosts,
    usageOf: (baseUrl, apiKey) => openKeyUsage(accountIdOf(new URL(baseUrl), apiKey)),
  })
  return {
    runpod(baseUrl, apiKey, allowed, own = clock) {
      log.hide(apiKey)
      return providers.runpod.create({ ...common, now: () => own.now(), baseUrl, apiKey, hosts: allowed })
    },
    hubifyKey(baseUrl, apiKey) {
      log.hide(apiKey)
      return hubifyKeys.open(baseUrl, apiKey)
    },
    demoLab({ id, slug, baseUrl, key }, own) {
      const now = () => own.now()
      const demoKey = createHubifyKey({ ...common, now, hosts: 'loopback-only', baseUrl, apiKey: key })
      const lab = demoKey.lab({ id, slug }, () => ({ usesAnnouncedRoutes: false }))
      // The simulator has no web app.
      const url = new URL(HUBIFY_BASE_URL).origin
      return { ...lab, webFallback: () => ({ features: [], ...lab.webFallback?.(), url }) }
    },
  }
}
