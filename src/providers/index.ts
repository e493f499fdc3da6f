import type { SshEndpoint } from '../core/pods/pod'
import type { Provider } from '../core/pods/provider'
import type { ProviderKind } from '../core/settings/account-record'
import type { HostRule } from './http/base-url'
import { createHubifyKey, HUBIFY_BASE_URL, type HubifyKey } from './hubify/key'
import type { HttpClientOptions } from './http/http-client'
import { createRunpodProvider } from './runpod/provider'
import { RUNPOD_BASE_URL } from './runpod/runpod-url'
import { isRunpodProxy } from './runpod/ssh-proxy'

export interface ProviderOptions extends HttpClientOptions {
  readonly baseUrl: string
  readonly hosts: HostRule
}

interface ProviderBase {
  /** The name shown to users. */
  readonly name: string
  readonly defaultBaseUrl: string
  /** Whether the provider is known to use this proxy for a pod's SSH, whatever its API says. */
  readonly isKnownProxy: (endpoint: SshEndpoint, podId: string) => boolean
}

/** A cloud where a key is one account. */
interface CloudEntry extends ProviderBase {
  readonly create: (options: ProviderOptions) => Provider
}

/** A service where a key opens several labs, each of them an account. */
interface LabServiceEntry extends ProviderBase {
  readonly createKey: (options: ProviderOptions) => HubifyKey
}

/** What Podkeeper supports. Adding one takes a folder and one entry here. */
export const providers = {
  runpod: {
    name: 'Runpod',
    defaultBaseUrl: RUNPOD_BASE_URL,
    isKnownProxy: isRunpodProxy,
    create: createRunpodProvider,
  },
  hubify: {
    name: 'Hubify',
    defaultBaseUrl: HUBIFY_BASE_URL,
    isKnownProxy: () => false,
    createKey: createHubifyKey,
  },
} satisfies Record<ProviderKind, CloudEntry | LabServiceEntry>
