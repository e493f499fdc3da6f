import type { ApiAddressSource } from '../../core/confirmation/account-questions'
import { fail, type Result } from '../../core/base/result'
import { chooseBaseUrl } from '../../providers/choose-base-url'
import type { HostRule } from '../../providers/http/base-url'
import { accountText } from './account-text'

/** The address of a provider's API to use, or why there is none, and where it comes from. */
export interface ApiAddress {
  readonly url: Result<URL, string>
  readonly source: ApiAddressSource
}

/** That of Runpod. The environment takes precedence over the setting. */
export function chooseApiAddress(
  fromEnvironment: string | undefined,
  fromSettings: string | null,
  hosts: HostRule,
): ApiAddress {
  const source = fromEnvironment !== undefined ? 'environment' : fromSettings === null ? 'default' : 'setting'
  const url = chooseBaseUrl(
    [
      { source: 'RUNPOD_API_BASE_URL', text: fromEnvironment },
      { source: accountText.addressInSettings, text: fromSettings },
    ],
    hosts,
  )
  return { source, url: url.ok || hosts === 'any' ? url : fail(accountText.testRuntime) }
}

/** That of Hubify: the environment's, or its own. */
export function chooseHubifyAddress(fromEnvironment: string | undefined, hosts: HostRule): ApiAddress {
  const url = chooseBaseUrl([{ source: 'HUBIFY_API_BASE_URL', text: fromEnvironment }], hosts, 'hubify')
  return {
    source: fromEnvironment === undefined ? 'default' : 'environment',
    url: url.ok || hosts === 'any' ? url : fail(accountText.testRuntime),
  }
}
