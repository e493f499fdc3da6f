import type { PendingAlert } from '../alerts/alert'
import { type Instant, longestElapsedMs, MINUTE_MS } from '../base/time/time'
import type { AccountId } from '../pods/pod'
import type {
  EndpointId,
  EndpointList,
  EndpointWorkers,
  ServerlessEndpoint,
  ServerlessPrices,
} from '../pods/serverless/serverless-endpoint'
import { STORAGE_RATES } from '../pods/storage-rates'
import { activityOf, type EndpointActivity } from './endpoint-activity'
import { idleEndpointAlertText } from './endpoint-text'
import type { EndpointActivityView, EndpointView } from './endpoint-view'
import { beginSpan, continueSpan, dueAlert, type IdleSpan, isCurrent } from './idle-span'
import { workersUsd } from './worker-price'

/**
 * For so long after a minimum was set to 0, a list that shows the earlier one comes from a copy of the API's data that
 * doesn't have the change yet.
 */
export const SETTLE_MS = 15 * MINUTE_MS
/** So many lists in a row have to show that an endpoint keeps no workers before its idle time is forgotten. */
const LISTS_TO_END = 2

/** What is kept across restarts. */
export type IdleSpans = Readonly<Record<EndpointId, IdleSpan>>

interface Watched {
  readonly endpoint: ServerlessEndpoint
  /** Lists in a row that show no minimum above zero. It is not shown meanwhile. */
  readonly endedLists: number
  readonly activity: EndpointActivity
  readonly span: IdleSpan | null
  readonly busyAtMs: number | null
  readonly perHourUsd: number | null
  readonly readAt: Instant | null
  readonly problem: string | null
}

/** Judges the endpoints of an account by what is read of them. See docs/product-rules.md#59-idle-serverless-workers. */
export interface EndpointWatch {
  /** `at`: when the list was requested. */
  onList(list: EndpointList, at: Instant): void
  onWorkers(id: EndpointId, workers: EndpointWorkers, prices: ServerlessPrices | null, at: Instant): void
  /** A read of its workers failed: nothing is known of that moment. */
  onWorkersFailed(id: EndpointId, problem: string): void
  /** Its minimum was seen at 0 after it was set so. */
  onZeroed(id: EndpointId, earlierMinimum: number, at: Instant): void
  /** The endpoints whose workers have to be read, those read longest ago first. */
  toRead(): readonly EndpointId[]
  views(now: Instant): readonly EndpointView[]
  alerts(now: Instant): readonly PendingAlert[]
  spans(): IdleSpans
}

/** `earlier`: spans of an earlier program. Each goes on once its endpoint is listed with a minimum above zero. */
export function createEndpointWatch(accountId: AccountId, earlier: IdleSpans): EndpointWatch {
  const watched = new Map<EndpointId, Watched>()
  const kept = new Map<EndpointId, IdleSpan>(Object.entries(earlier))
  /** Those of `kept` that the last list showed without workers. */
  const endedKept = new Set<EndpointId>()
  const zeroed = new Map<EndpointId, { readonly earlierMinimum: number; readonly at: Instant }>()

  function isZero({ id, minWorkers }: ServerlessEndpoint, at: Instant): boolean {
    if (minWorkers === 0) return true
    const change = zeroed.get(id)
    if (change === undefined || longestElapsedMs(change.at, at) > SETTLE_MS) return false
    return change.earlierMinimum === minWorkers
  }

  function end(id: EndpointId): void {
    const one = watched.get(id)
    if (one === undefined) {
      if (endedKept.has(id)) kept.delete(id)
      endedKept.add(id)
      return
    }
    if (one.endedLists + 1 >= LISTS_TO_END) watched.delete(id)
    else watched.set(id, { ...one, endedLists: one.endedLists + 1 })
  }

  function onList({ endpoints, isComplete }: EndpointList, at: Instant): void {
    const listed = new Set(endpoints.map(({ id }) => id))
    for (const endpoint of endpoints) {
      if (isZero(endpoint, at)) {
        end(endpoint.id)
        continue
      }
      const before = watched.get(endpoint.id) ?? { ...unread, span: kept.get(endpoint.id) ?? null }
      watched.set(endpoint.id, { ...before, endpoint, endedLists: 0 })
      kept.delete(endpoint.id)
    }
    if (!isComplete) return
    for (const id of [...watched.keys(), ...kept.keys()]) if (!listed.has(id)) end(id)
  }

  function onWorkers(
    id: EndpointId,
    read: EndpointWorkers,
    prices: ServerlessPrices | null,
    at: Instant,
  ): void {
    const one = watched.get(id)
    if (one === undefined) return
    const { endpoint } = one
    const activity = activityOf(endpoint, read)
    const perHourUsd =
      endpoint.minWorkers === null ? null : workersUsd(endpoint.minWorkers, read.workers, endpoint, prices)
    const next = { ...one, activity, perHourUsd, readAt: at, problem: null }
    if (activity.kind === 'unknown') watched.set(id, next)
    else if (activity.kind === 'busy') watched.set(id, { ...next, span: null, busyAtMs: at.wallMs })
    else {
      const idle = read.workers.filter(({ state }) => state === 'idle')
      const reading = {
        at,
        idleWorkers: activity.idleWorkers,
        perWorkerUsd: workersUsd(1, idle, endpoint, prices),
      }
      const span = one.span === null ? beginSpan(reading) : continueSpan(one.span, reading)
      watched.set(id, { ...next, span })
    }
  }

  const shown = (): readonly Watched[] => [...watched.values()].filter(({ endedLists }) => endedLists === 0)

  function alertOf(one: Watched, now: Instant): readonly PendingAlert[] {
    const { span, activity, endpoint } = one
    const number = span === null ? null : dueAlert(span, now)
    if (span === null || number === null || activity.kind !== 'idle' || endpoint.minWorkers === null)
      return []
    const view = toView(one, now)
    if (view.activity.kind !== 'idle') return []
    return [
      {
        key: {
          kind: 'idle-endpoint',
          accountId,
          podId: null,
          episode: `${endpoint.id} ${span.sinceMs} ${number}`,
        },
        podName: null,
        isCritical: false,
        buttons: [],
        ...idleEndpointAlertText(view, view.activity, now.wallMs),
      },
    ]
  }

  return {
    onList,
    onWorkers,
    onWorkersFailed(id, problem) {
      const one = watched.get(id)
      if (one !== undefined) watched.set(id, { ...one, problem })
    },
    onZeroed(id, earlierMinimum, at) {
      zeroed.set(id, { earlierMinimum, at })
      watched.delete(id)
      kept.delete(id)
    },
    toRead: () =>
      [...shown()]
        .sort((a, b) => (a.readAt?.wallMs ?? 0) - (b.readAt?.wallMs ?? 0))
        .map(({ endpoint }) => endpoint.id),
    views: (now) =>
      shown()
        .map((one) => toView(one, now))
        .sort(byCost),
    alerts: (now) => shown().flatMap((one) => alertOf(one, now)),
    spans: () =>
      Object.fromEntries([
        ...kept,
        ...[...watched].flatMap(([id, { span }]) => (span === null ? [] : [[id, span] as const])),
      ]),
  }
}

const unread: Omit<Watched, 'endpoint' | 'span'> = {
  endedLists: 0,
  activity: { kind: 'unknown', gap: 'not-read' },
  busyAtMs: null,
  perHourUsd: null,
  readAt: null,
  problem: null,
}

function toView(one: Watched, now: Instant): EndpointView {
  const { endpoint, perHourUsd, readAt, problem } = one
  const { id, name, minWorkers, maxWorkers } = endpoint
  return {
    id,
    name,
    minWorkers,
    maxWorkers,
    perHourUsd,
    perMonthUsd: perHourUsd === null ? null : perHourUsd * STORAGE_RATES.hoursPerMonth,
    activity: activityView(one, now),
    readAtMs: readAt?.wallMs ?? null,
    problem,
  }
}

function activityView({ activity, span, busyAtMs }: Watched, now: Instant): EndpointActivityView {
  if (activity.kind === 'unknown') return activity
  if (activity.kind === 'busy' || span === null) return { kind: 'busy', atMs: busyAtMs ?? now.wallMs }
  const { sinceMs, observedMs, costUsd, unpricedMs, last } = span
  // While the last reading is recent, the time since then isn't called unwatched.
  const untilMs = isCurrent(span, now) ? last.at.wallMs : now.wallMs
  const unobservedMs = Math.max(0, untilMs - sinceMs - observedMs)
  return {
    kind: 'idle',
    sinceMs,
    unobservedMs: unobservedMs < MINUTE_MS ? 0 : unobservedMs,
    costUsd: last.perWorkerUsd === null && costUsd === 0 ? null : costUsd,
    isCostPartial: unpricedMs > 0 || unobservedMs >= MINUTE_MS,
  }
}

const byCost = (a: EndpointView, b: EndpointView): number =>
  (b.perHourUsd ?? Infinity) - (a.perHourUsd ?? Infinity) || (a.id < b.id ? -1 : 1)
