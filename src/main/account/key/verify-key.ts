import type { Provider, ProviderError } from '../../../core/pods/provider'
import { fail, ok, type Result } from '../../../core/base/result'
import type { PodId } from '../../../core/pods/pod'
import { keyProblemText } from '../../../core/settings/key-problem-text'
import type { FailedKeyCheck } from '../../../shared/requests/account-requests'

/** What a key may read, as found when it was checked. */
export interface KeyAccess {
  readonly podIds: readonly PodId[]
  /** Null when the API does not tell it. */
  readonly apiAccountId: string | null
  /** Null when the key may not read it or reading failed. */
  readonly balanceUsd: number | null
}

/** Asks the key's provider what the key may read. Changes nothing. `kind`: absent: Runpod. */
export async function checkKey(
  provider: Provider,
  kind?: string,
): Promise<Result<KeyAccess, FailedKeyCheck>> {
  const [list, balance, accountId] = await Promise.all([
    provider.listPods(),
    provider.readBalance?.(),
    provider.readAccountId?.(),
  ])
  if (!list.ok) return fail(toFailedKeyCheck(list.error, kind))
  return ok({
    podIds: list.value.pods.map(({ id }) => id),
    apiAccountId: accountId?.ok ? accountId.value : null,
    balanceUsd: balance?.ok ? balance.value.balanceUsd : null,
  })
}

/** `provider`: absent: Runpod. */
export function toFailedKeyCheck(error: ProviderError, provider?: string): FailedKeyCheck {
  const isRefused = error.kind === 'unauthorized' || error.kind === 'forbidden'
  return { kind: isRefused ? 'refused' : 'undecided', message: keyProblemText(error, provider) }
}
