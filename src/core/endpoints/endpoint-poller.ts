import type { PendingAlert } from '../alerts/alert'
import { errorText } from '../base/text/error-text'
import type { Clock } from '../base/time/clock'
import { elapsedMs, HOUR_MS, type Instant, MINUTE_MS } from '../base/time/time'
import type { AccountId } from '../pods/pod'
import type { Provider } from '../pods/provider'
import type { EndpointId, ServerlessPrices } from '../pods/serverless/serverless-endpoint'
import { createEndpointWatch, type EndpointWatch, type IdleSpans } from './endpoint-watch'
import type { EndpointsView } from './endpoint-view'
import { READ_EVERY_MS } from './idle-span'

/** Keeps since when the endpoints of one account have been idle, across restarts. */
export interface IdleEndpointStore {
  load(): IdleSpans
  save(spans: IdleSpans): void
  /** False while another program acts on the data folder. */
  mayWrite(): boolean
}

export interface EndpointPollerContext {
  readonly accountId: AccountId
  readonly provider: Provider
  readonly clock: Pick<Clock, 'now'>
  /** Writes to the log; must not throw. */
  readonly report: (what: string, cause?: unknown) => void
  /** Absent: nothing is kept. */
  readonly idleEndpoints?: IdleEndpointStore
}

/** Reads the serverless endpoints slowly, and the workers of those that keep some. */
export interface EndpointPoller {
  /** Called after each poll of the pods. Reads what is due; resolves once it was read, and never rejects. */
  read(): Promise<void>
  /** The next `read` is to read everything. */
  expire(): void
  /** Null: the provider has no endpoints, or they were never read. */
  readonly view: (open: readonly string[]) => EndpointsView | null
  alerts(): readonly PendingAlert[]
  /** See `EndpointWatch`. */
  readonly onZeroed: (id: EndpointId, earlierMinimum: number) => void
  dispose(): void
}

/** Lists of pods come first: at most one such request for so many of them. */
const SPACING_FACTOR = 10
/** Between two reads, however often a person asks. */
const MIN_INTERVAL_MS = MINUTE_MS
const PRICES_EVERY_MS = 6 * HOUR_MS
/** So many endpoints are read at a time. */
const MAX_ENDPOINTS = 20
/** With fewer remaining requests in the quota, endpoints wait. */
const MIN_REMAINING_REQUESTS = 20

export function createEndpointPoller(context: EndpointPollerContext, onChange: () => void): EndpointPoller {
  const { provider, clock, report, idleEndpoints: store } = context
  let watch: EndpointWatch | null = null
  let readAtMs: number | null = null
  let problem: string | null = null
  let prices: { readonly value: ServerlessPrices; readonly at: Instant } | null = null
  let requestedAt: Instant | null = null
  /** A command that ends with its first list of pods reads no endpoints. */
  let isFirst = true
  let state: 'idle' | 'reading' | 'retired' | 'disposed' = 'idle'
  let isExpired = false
  /** Changes that were seen while a list was on its way. */
  let changeCount = 0

  const currentWatch = (): EndpointWatch =>
    (watch ??= createEndpointWatch(context.accountId, store?.load() ?? {}))
  const isDisposed = (): boolean => state === 'disposed'

  function isDue(now: Instant): boolean {
    if ((provider.remainingQuota?.()?.requests ?? Infinity) < MIN_REMAINING_REQUESTS) return false
    if (requestedAt === null) return true
    const everyMs = isExpired ? MIN_INTERVAL_MS : READ_EVERY_MS
    return elapsedMs(requestedAt, now) >= Math.max(everyMs, SPACING_FACTOR * provider.minPollIntervalMs())
  }

  async function readPrices(): Promise<void> {
    if (prices !== null && elapsedMs(prices.at, clock.now()) < PRICES_EVERY_MS) return
    const at = clock.now()
    const read = await provider.readServerlessPrices?.()
    if (read?.ok === true) prices = { value: read.value, at }
  }

  async function readWorkers(): Promise<void> {
    for (const id of currentWatch().toRead().slice(0, MAX_ENDPOINTS)) {
      const at = clock.now()
      const read = await provider.listEndpointWorkers?.(id)
      if (read === undefined || isDisposed()) return
      if (read.ok) currentWatch().onWorkers(id, read.value, prices?.value ?? null, at)
      else currentWatch().onWorkersFailed(id, read.error.message)
    }
  }

  async function readAll(): Promise<void> {
    const at = clock.now()
    const changes = changeCount
    const listed = await provider.listEndpoints?.()
    // A list that was requested before a change took effect says nothing of it.
    if (listed === undefined || isDisposed() || changes !== changeCount) return
    if (!listed.ok) {
      if (listed.error.kind === 'gone' || listed.error.kind === 'not-found') state = 'retired'
      problem = listed.error.message
      return
    }
    problem = null
    readAtMs = at.wallMs
    currentWatch().onList(listed.value, at)
    if (currentWatch().toRead().length === 0) return
    await readPrices()
    if (!isDisposed()) await readWorkers()
  }

  return {
    async read() {
      const now = clock.now()
      if (isFirst || state !== 'idle' || provider.listEndpoints === undefined || !isDue(now)) {
        isFirst = false
        return
      }
      requestedAt = now
      isExpired = false
      state = 'reading'
      try {
        await readAll()
        if (watch !== null && store?.mayWrite() === true) store.save(watch.spans())
      } catch (cause) {
        report(`The serverless endpoints could not be read: ${errorText(cause)}`)
      }
      if (isDisposed()) return
      if (state === 'reading') state = 'idle'
      onChange()
    },
    expire() {
      isExpired = true
      isFirst = false
    },
    view: (open) =>
      state === 'retired' || (readAtMs === null && problem === null)
        ? null
        : { endpoints: watch?.views(clock.now()) ?? [], readAtMs, problem, open },
    alerts: () => (state === 'retired' ? [] : (watch?.alerts(clock.now()) ?? [])),
    onZeroed(id, earlierMinimum) {
      changeCount += 1
      currentWatch().onZeroed(id, earlierMinimum, clock.now())
      isExpired = true
    },
    dispose() {
      state = 'disposed'
    },
  }
}
