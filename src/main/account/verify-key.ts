import type { Provider, ProviderError } from '../../core/pods/provider'
import { fail, ok, type Result } from '../../core/base/result'
import type { PodId } from '../../core/pods/pod'
import type { KeyVerdict } from '../../shared/ipc'

/** What a key showed when it was tried. */
export interface KeyTrial {
  readonly podIds: readonly PodId[]
  /** Null: this key may not see it, or it could not be read. */
  readonly balanceUsd: number | null
}

/** Asks Runpod, by the provider that holds the key, what the key sees. Changes nothing there. */
export async function tryKey(provider: Provider): Promise<Result<KeyTrial, KeyVerdict>> {
  const [list, balance] = await Promise.all([provider.listPods(), provider.readBalance?.()])
  if (!list.ok) return fail(verdictOf(list.error))
  return ok({
    podIds: list.value.pods.map(({ id }) => id),
    balanceUsd: balance?.ok ? balance.value.balanceUsd : null,
  })
}

function verdictOf(error: ProviderError): KeyVerdict {
  switch (error.kind) {
    case 'unauthorized':
      return { kind: 'refused', message: `Runpod does not accept this key. ${error.message}` }
    case 'forbidden':
      return { kind: 'refused', message: `The key is valid, but may not see pods. ${error.message}` }
    case 'unreadable':
      return {
        kind: 'undecided',
        message: `Something between us and Runpod answered in its place, so the key could not be tried. ${error.message}`,
      }
    default:
      return { kind: 'undecided', message: `The key could not be tried. ${error.message}` }
  }
}
