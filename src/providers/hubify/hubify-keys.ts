import type { KeyUsageStore } from '../../core/pods/key-usage-store'
import { createHubifyKey, type HubifyKey, type HubifyKeyOptions } from './key'

export interface HubifyKeysOptions extends Omit<
  HubifyKeyOptions,
  'baseUrl' | 'apiKey' | 'deadlineMs' | 'budgetMs' | 'usage'
> {
  /** Where the programs of a data folder keep what they know of the requests of this key. */
  readonly usageOf: (baseUrl: string, apiKey: string) => KeyUsageStore | undefined
}

export interface HubifyKeys {
  /** The same for each use of a key at an address, so that its labs share quota and pauses. */
  open(baseUrl: string, apiKey: string): HubifyKey
  /** What is read from now on is needed for an action, which no budget may keep from being sent. */
  readForAction(): void
  /** This program reads once and polls no lab, so no request is kept back for polls. */
  readWithoutPolls(): void
}

/** One client for each key and address: docs/product-rules.md#121-several-accounts. */
export function createHubifyKeys({ usageOf, ...options }: HubifyKeysOptions): HubifyKeys {
  const keys = new Map<string, HubifyKey>()
  let isForAction = false
  let hasPolls = true
  return {
    open(baseUrl, apiKey) {
      const id = `${baseUrl}\n${apiKey}`
      const key =
        keys.get(id) ?? createHubifyKey({ ...options, baseUrl, apiKey, usage: usageOf(baseUrl, apiKey) })
      if (isForAction) key.readForAction()
      if (!hasPolls) key.readWithoutPolls()
      keys.set(id, key)
      return key
    },
    readForAction() {
      isForAction = true
      for (const key of keys.values()) key.readForAction()
    },
    readWithoutPolls() {
      hasPolls = false
      for (const key of keys.values()) key.readWithoutPolls()
    },
  }
}
