import { isLoopback } from '../core/base/loopback'
import { fail, type Result } from '../core/base/result'
import type { ProviderKind } from '../core/settings/account-record'
import { type HostRule, parseBaseUrl } from './http/base-url'
import { providers } from './index'
import { parseRunpodUrl } from './runpod/runpod-url'

/** An address that may have been set; `source` names it in an error message. */
export interface BaseUrlCandidate {
  readonly source: string
  readonly text: string | null | undefined
}

/**
 * The address of a provider's API: the first candidate that is set, else the provider's own. A candidate that is set
 * and cannot be used is an error rather than skipped: a key must not go to another address than the one that was meant.
 */
export function chooseBaseUrl(
  candidates: readonly BaseUrlCandidate[],
  hosts: HostRule,
  provider: ProviderKind = 'runpod',
): Result<URL, string> {
  const { source, text } = candidates.find(isSet) ?? {
    source: 'The address',
    text: providers[provider].defaultBaseUrl,
  }
  const url = provider === 'runpod' ? parseRunpodUrl(text, hosts) : parseBaseUrl(text, hosts)
  return url.ok ? url : fail(`${source} (${text}) cannot be used. ${url.error}`)
}

/** Whether a provider's key may go to this address without asking: the provider's own, or one of this computer. */
export function isOwnOrLocal(url: URL, provider: ProviderKind = 'runpod'): boolean {
  return isLoopback(url.hostname) || url.origin === new URL(providers[provider].defaultBaseUrl).origin
}

function isSet(candidate: BaseUrlCandidate): candidate is BaseUrlCandidate & { readonly text: string } {
  return candidate.text !== null && candidate.text !== undefined
}
