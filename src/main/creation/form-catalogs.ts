import type { Clock } from '../../core/base/time/clock'
import { fail, ok, type Result } from '../../core/base/result'
import { elapsedMs, type Instant, MINUTE_MS, SECOND_MS } from '../../core/base/time/time'
import { type CatalogQuery, type CatalogSource, readCatalog } from '../../core/creation/form/read-catalog'
import type { Provider, ProviderError } from '../../core/pods/provider'
import type { CatalogView } from '../../shared/requests/pod/create-requests'
import { creationText } from './creation-text'

/** Prices and stock are this old at most when they are shown anew. */
const STOCK_FRESH_MS = MINUTE_MS
/** What rarely changes. */
const REST_FRESH_MS = 5 * MINUTE_MS
const SHORT_MS = 5 * SECOND_MS
/** What could not be read again is used for this long, and marked as old. */
const USABLE_MS = 60 * MINUTE_MS

interface Kept {
  readonly at: Instant
  readonly value: unknown
}

/**
 * What accounts can choose from, read at most once a minute, so that a form that is typed in uses no quota. Values that
 * were read before are used while the service doesn't answer.
 */
export interface FormCatalogs {
  /** `isRefreshed`: nothing that was read before counts as fresh. */
  read(provider: Provider, query: CatalogQuery, isRefreshed: boolean): Promise<CatalogView>
}

export function createFormCatalogs(clock: Pick<Clock, 'now'>): FormCatalogs {
  const keptOf = new WeakMap<Provider, Map<string, Kept>>()

  return {
    async read(provider, query, isRefreshed) {
      const kept = keptOf.get(provider) ?? new Map<string, Kept>()
      keptOf.set(provider, kept)
      let readAtMs = clock.now().wallMs
      const stale: string[] = []

      async function keep<T>(
        name: string,
        freshMs: number,
        request: () => Promise<Result<T, ProviderError>>,
      ): Promise<Result<T, ProviderError>> {
        const before = kept.get(name)
        const ageMs = before === undefined ? Infinity : elapsedMs(before.at, clock.now())
        const isFresh = !isRefreshed && ageMs < freshMs
        const use = (one: Kept): Result<T, ProviderError> => {
          if (freshMs === STOCK_FRESH_MS) readAtMs = Math.min(readAtMs, one.at.wallMs)
          return ok(one.value as T)
        }
        if (before !== undefined && isFresh) return use(before)
        const at = clock.now()
        const answer = await request()
        if (answer.ok) {
          kept.set(name, { at, value: answer.value })
          return answer
        }
        if (before === undefined || ageMs > USABLE_MS) return answer
        stale.push(answer.error.message)
        return use(before)
      }

      const { catalog, unread } = await readCatalog(keeping(provider, keep), query)
      return { catalog, unread: [...unread, ...new Set(stale)], readAtMs }
    },
  }
}

type Keep = <T>(
  name: string,
  freshMs: number,
  request: () => Promise<Result<T, ProviderError>>,
) => Promise<Result<T, ProviderError>>

function keeping(provider: Provider, keep: Keep): CatalogSource {
  const read = <T>(
    name: string,
    freshMs: number,
    request: () => Promise<Result<T, ProviderError>> | undefined,
  ): Promise<Result<T, ProviderError>> =>
    keep(name, freshMs, () => request() ?? Promise.resolve(fail(NOT_OFFERED)))
  return {
    listGpus: (query) =>
      read(`gpus:${query.cloud}:${query.count}`, STOCK_FRESH_MS, () => provider.listGpus?.(query)),
    listCpus: (count) => read(`cpus:${count}`, STOCK_FRESH_MS, () => provider.listCpus?.(count)),
    listDataCenters: () => read('data-centers', REST_FRESH_MS, () => provider.listDataCenters?.()),
    listTemplates: (from) => read(`templates:${from}`, REST_FRESH_MS, () => provider.listTemplates?.(from)),
    listSecretNames: () => read('secrets', REST_FRESH_MS, () => provider.listSecretNames?.()),
    // A volume or a key may have been added a moment ago, in this window.
    listNetworkVolumes: () => read('volumes', SHORT_MS, () => provider.listNetworkVolumes?.()),
    readSshKeys: () => read('keys', SHORT_MS, () => provider.readSshKeys?.()),
    readAccountLimits: () => read('limits', STOCK_FRESH_MS, () => provider.readAccountLimits?.()),
  }
}

const NOT_OFFERED: ProviderError = {
  kind: 'invalid',
  message: creationText.notOffered,
  status: null,
  retryAfterMs: null,
  requestId: null,
}
