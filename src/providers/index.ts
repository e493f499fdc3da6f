import type { SshEndpoint } from '../core/pods/pod'
import type { Provider } from '../core/pods/provider'
import type { HostRule } from './http/base-url'
import type { HttpClientOptions } from './http/http-client'
import { createRunpodProvider, RUNPOD_BASE_URL } from './runpod/provider'
import { isRunpodProxy } from './runpod/ssh-proxy'

export interface ProviderOptions extends HttpClientOptions {
  readonly baseUrl: string
  readonly hosts: HostRule
}

export interface ProviderEntry {
  /** The name shown to users. */
  readonly name: string
  readonly defaultBaseUrl: string
  /** Whether the provider is known to use this proxy for a pod's SSH, whatever its API says. */
  readonly isKnownProxy: (endpoint: SshEndpoint, podId: string) => boolean
  readonly create: (options: ProviderOptions) => Provider
}

/** The clouds that Podkeeper supports. Adding one takes one entry here. */
export const providers = {
  runpod: {
    name: 'Runpod',
    defaultBaseUrl: RUNPOD_BASE_URL,
    isKnownProxy: isRunpodProxy,
    create: createRunpodProvider,
  },
} satisfies Record<string, ProviderEntry>
