import type { Provider } from '../core/pods/provider'
import type { HostRule } from './http/base-url'
import type { Connection } from './http/http-client'
import { createRunpodProvider, RUNPOD_BASE_URL } from './runpod/provider'

export interface ProviderOptions extends Connection {
  readonly baseUrl: string
  readonly hosts: HostRule
}

export interface ProviderEntry {
  /** As people call it. */
  readonly name: string
  readonly defaultBaseUrl: string
  readonly create: (options: ProviderOptions) => Provider
}

/** The clouds that Podkeeper knows. A new one is one entry here. */
export const providers = {
  runpod: { name: 'Runpod', defaultBaseUrl: RUNPOD_BASE_URL, create: createRunpodProvider },
} satisfies Record<string, ProviderEntry>
