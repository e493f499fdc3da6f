import type { FormContext } from './pod-form'
import { type CatalogQuery, readCatalog } from './read-catalog'
import type { Provider } from '../../pods/provider'

export interface ContextQuery extends CatalogQuery {
  readonly podNames: readonly string[]
  /** USD per hour that the account costs now. */
  readonly burnPerHourUsd: number
}

/** What a form is checked against, read at once; `unread` says what could not be read. */
export async function readFormContext(
  provider: Provider,
  { podNames, burnPerHourUsd, ...query }: ContextQuery,
): Promise<{ readonly context: FormContext; readonly unread: readonly string[] }> {
  const [{ catalog, unread }, balance] = await Promise.all([
    readCatalog(provider, query),
    provider.readBalance?.(),
  ])
  const { limits, ...choices } = catalog
  return {
    unread,
    context: {
      ...choices,
      podNames,
      spending: {
        balance:
          balance?.ok === true
            ? {
                kind: 'known',
                usd: balance.value.balanceUsd,
                spendPerHourUsd: balance.value.spendPerHourUsd,
                atMs: 0,
              }
            : { kind: 'not-asked' },
        burn: { perHourUsd: burnPerHourUsd, isAtLeast: false },
        money: null,
        limits,
      },
    },
  }
}
