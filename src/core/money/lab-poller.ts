import type { Clock } from '../base/time/clock'
import type { Result } from '../base/result'
import { elapsedMs, type Instant, MINUTE_MS } from '../base/time/time'
import type { LabSpending, Provider, ProviderError, QueuedExperiment } from '../pods/provider'

/** What a lab says besides its pods. Null: it was not read, or its provider cannot tell. */
export interface LabView {
  readonly spending: LabReading<LabSpending> | null
  /** Those that wait for a pod. */
  readonly queue: LabReading<readonly QueuedExperiment[]> | null
}

/** Something that was read. `atMs`: Unix ms. */
export interface LabReading<T> {
  readonly value: T
  readonly atMs: number
}

/** Reads a lab's spending and queue slowly, because that costs quota. */
export interface LabPoller {
  view(): LabView
  /**
   * Reads what is due. `isPodIdle`: some pod has been idle for long enough to alert. Without one, the queue is not read
   * the first time, so that a command that ends with its first list doesn't read it. Resolves once it was read; never
   * rejects.
   */
  read(isPodIdle: boolean): Promise<void>
  /** The next `read` is to read everything, however recent it is. */
  expire(): void
}

export interface LabPollerOptions {
  readonly provider: Pick<Provider, 'readLabSpending' | 'listQueuedExperiments' | 'minPollIntervalMs'>
  readonly clock: Pick<Clock, 'now'>
  readonly onChange: () => void
}

const READ_EVERY_MS = 15 * MINUTE_MS
/** Lists of pods come first: at most one such request for so many of them. */
const SPACING_FACTOR = 10
/** Between two reads, however often a person asks. */
const MIN_INTERVAL_MS = MINUTE_MS

export function createLabPoller({ provider, clock, onChange }: LabPollerOptions): LabPoller {
  let spending: LabView['spending'] = null
  let queue: LabView['queue'] = null
  let isFirst = true

  const spendingRead = createSlowRead<LabSpending>(
    provider,
    clock,
    () => provider.readLabSpending?.(),
    (reading) => {
      spending = reading
      onChange()
    },
  )
  const queueRead = createSlowRead<readonly QueuedExperiment[]>(
    provider,
    clock,
    () => provider.listQueuedExperiments?.(),
    (reading) => {
      queue = reading
      onChange()
    },
  )
  return {
    view: () => ({ spending, queue }),
    async read(isPodIdle) {
      const isQueueDue = isPodIdle || !isFirst
      isFirst = false
      await spendingRead.read()
      if (isQueueDue) await queueRead.read()
    },
    expire() {
      spendingRead.expire()
      queueRead.expire()
    },
  }
}

/** One request at its own pace. What could not be read leaves what was read before, unless the route is gone. */
function createSlowRead<T>(
  provider: Pick<Provider, 'minPollIntervalMs'>,
  clock: Pick<Clock, 'now'>,
  /** Undefined: the provider has no such request. */
  request: () => Promise<Result<T, ProviderError>> | undefined,
  onRead: (reading: LabReading<T> | null) => void,
): { read(): Promise<void>; expire(): void } {
  let requestedAt: Instant | null = null
  let isExpired = false
  let isReading = false
  let isRetired = false

  function isDue(now: Instant): boolean {
    if (requestedAt === null) return true
    const spacingMs = SPACING_FACTOR * provider.minPollIntervalMs()
    const everyMs = isExpired ? MIN_INTERVAL_MS : READ_EVERY_MS
    return elapsedMs(requestedAt, now) >= Math.max(everyMs, spacingMs)
  }

  return {
    async read() {
      const now = clock.now()
      if (isRetired || isReading || !isDue(now)) return
      const reply = request()
      if (reply === undefined) return
      requestedAt = now
      isExpired = false
      isReading = true
      const read = await reply.finally(() => {
        isReading = false
      })
      isRetired = !read.ok && (read.error.kind === 'gone' || read.error.kind === 'not-found')
      if (read.ok) onRead({ value: read.value, atMs: now.wallMs })
      else if (isRetired) onRead(null)
    },
    expire() {
      isExpired = true
    },
  }
}
