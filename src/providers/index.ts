import type { Provider } from '../core/pods/provider'
import type { HostRule } from './http/base-url'
import type { HttpClientOptions } from './http/http-client'
import { createRunpodProvider, RUNPOD_BASE_URL } from './runpod/provider'

export interface ProviderOptions extends HttpClientOptions {
  readonly baseUrl: string
  readonly hosts: HostRule
}

export interface ProviderEntry {
  /** The name shown to users. */
  readonly name: string
  readonly defaultBaseUrl: string
  readonly create: (options: ProviderOptions) => Provider
}

/** The clouds that Podkeeper supports. Adding one takes one entry here. */
export const providers = {
  runpod: { name: 'Runpod', defaultBaseUrl: RUNPOD_BASE_URL, create: createRunpodProvider },
} satisfies Record<string, ProviderEntry>
