import { createHubifyKey, type HubifyKey, type HubifyKeyOptions } from './key'

export type HubifyKeysOptions = Omit<HubifyKeyOptions, 'baseUrl' | 'apiKey' | 'deadlineMs' | 'budgetMs'>

export interface HubifyKeys {
  /** The same for each use of a key at an address, so that its labs share quota and pauses. */
  open(baseUrl: string, apiKey: string): HubifyKey
}

/** One client for each key and address: docs/product-rules.md#121-several-accounts. */
export function createHubifyKeys(options: HubifyKeysOptions): HubifyKeys {
  const keys = new Map<string, HubifyKey>()
  return {
    open(baseUrl, apiKey) {
      const id = `${baseUrl}\n${apiKey}`
      const key = keys.get(id) ?? createHubifyKey({ ...options, baseUrl, apiKey })
      keys.set(id, key)
      return key
    },
  }
}
