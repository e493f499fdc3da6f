import type { Clock } from '../../base/time/clock'
import { MINUTE_MS, SECOND_MS } from '../../base/time/time'

/** Reads bills in the background: soon after a list, then at intervals. */
export interface BillSchedule {
  /** Plans the next read unless one is planned or in progress. After a gap it is planned anew, soon. */
  plan(isAfterGap: boolean): void
  dispose(): void
}

interface BillScheduleOptions {
  readonly clock: Pick<Clock, 'schedule'>
  /** While it returns false, bills wait for the next list. */
  readonly mayRead: () => boolean
  /** Reads the next range; true when there is more to read in this round. */
  readonly readNext: () => Promise<boolean>
  /** Called after each read. */
  readonly onRead: () => void
  readonly everyMin: () => number
  /** Writes to the log; must not throw. */
  readonly report: (what: string, cause?: unknown) => void
}

/** Bills are read after the first list, because the pods are more urgent. */
const FIRST_BILLS_MS = 2 * SECOND_MS
/** Delay between two ranges of a round, so that bills don't use up the quota that polling needs. */
const NEXT_SPAN_MS = 3 * SECOND_MS

export function createBillSchedule(options: BillScheduleOptions): BillSchedule {
  const { clock, mayRead, readNext, onRead, everyMin, report } = options
  let cancel: (() => void) | null = null
  let isReading = false
  let isDisposed = false

  function schedule(delayMs: number): void {
    cancel = clock.schedule(delayMs, () => {
      cancel = null
      if (!mayRead()) return
      isReading = true
      readNext()
        .catch((cause: unknown) => {
          report('The bills could not be read', cause)
          return false
        })
        .then((isMore) => {
          isReading = false
          if (isDisposed) return
          onRead()
          schedule(isMore ? NEXT_SPAN_MS : everyMin() * MINUTE_MS)
        })
        .catch((cause: unknown) => report('The costs could not be shown', cause))
    })
  }

  return {
    plan(isAfterGap) {
      if (isReading || isDisposed) return
      if (isAfterGap) {
        cancel?.()
        cancel = null
      }
      if (cancel === null) schedule(FIRST_BILLS_MS)
    },
    dispose() {
      isDisposed = true
      cancel?.()
    },
  }
}
