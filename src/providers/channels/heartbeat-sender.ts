import { fail, ok, type Result } from '../../core/base/result'
import type { HostRule } from '../http/base-url'
import { networkErrorText } from '../http/network-error-text'
import type { ProxyEnvironment } from '../http/proxy'
import { createTransport } from '../http/transport'
import { parseSecretAddress } from './channel-target'

export interface HeartbeatSenderOptions {
  /** Podkeeper's version, for `User-Agent`. */
  readonly version: string
  readonly proxyEnvironment: ProxyEnvironment
  readonly hosts?: HostRule
}

const TIMEOUT_MS = 10_000

/**
 * Sends a GET to a dead-man's switch, which counts once it was answered with a 2xx status. Redirects are not followed.
 * The error is a sentence without the address. Never rejects.
 */
export function createHeartbeatSender({
  version,
  proxyEnvironment,
  hosts = 'any',
}: HeartbeatSenderOptions): (address: string) => Promise<Result<void, string>> {
  const transport = createTransport(proxyEnvironment)
  return async (address) => {
    // A file may hold anything.
    const url = parseSecretAddress(address, hosts)
    if (!url.ok) return url
    const { host } = url.value
    const route = transport.routeTo(url.value)
    if (!route.ok) return route
    const headers = { 'user-agent': `podkeeper/${version}` }
    const request = new Request(url.value, { redirect: 'manual', headers })
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    try {
      const response = await route.value.fetch(request, signal)
      await response.body?.cancel()
      return response.ok ? ok(undefined) : fail(`${host} answered HTTP ${response.status}.`)
    } catch (error) {
      return fail(
        signal.aborted ? `${host} did not answer in time.` : networkErrorText(error, host, route.value.proxy),
      )
    }
  }
}
