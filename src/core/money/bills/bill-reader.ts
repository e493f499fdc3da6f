import { billKinds, type Provider } from '../../pods/provider'
import { type BillSpan, initialBillReadProgress, planBillReads } from './bill-plan'
import { oddityText } from '../ledger/bills'
import type { Ledger } from '../ledger/ledger'
import type { TrustedClock } from '../trusted-clock'

/** Reads bills into the ledger, one range at a time. */
export interface BillReader {
  /** Whether the next read starts a new round. */
  isRoundOver(): boolean
  /** Reads the next range; true when there is more to read in this round. */
  readNext(): Promise<boolean>
  /** Why the last read failed, as a sentence; null when it succeeded. */
  problem(): string | null
}

/** `onOddity` receives a sentence about anything unusual in a bill, once for each row. */
export function createBillReader(
  provider: Provider,
  clock: Pick<TrustedClock, 'nowMs'>,
  ledger: Pick<Ledger, 'applyBill' | 'isNewOddity'>,
  onOddity: (text: string) => void,
): BillReader {
  let progress = initialBillReadProgress
  let planned = initialBillReadProgress
  let spans: BillSpan[] = []
  let problem: string | null = null

  /** False when a bill could not be read, so that further requests should wait. */
  async function readSpan({ fromMs, toMs }: BillSpan): Promise<boolean> {
    for (const kind of billKinds) {
      const requestedAtMs = clock.nowMs()
      const read = await provider.readBills?.(kind, fromMs, toMs)
      if (!read) return false
      if (!read.ok) {
        problem = read.error.message
        return false
      }
      const { rows, unreadableCount } = read.value
      const oddities = ledger.applyBill({ kind, requestedAtMs, fromMs, toMs, rows })
      const isReported =
        unreadableCount > 0 && !ledger.isNewOddity(`${kind}/unreadable/${unreadableCount}`, requestedAtMs)
      const text = oddityText(kind, oddities, isReported ? 0 : unreadableCount)
      if (text !== null) onOddity(text)
    }
    return true
  }

  return {
    isRoundOver: () => spans.length === 0,
    async readNext() {
      if (!provider.readBills) return false
      if (spans.length === 0) {
        const plan = planBillReads(progress, clock.nowMs())
        planned = plan.progress
        spans = [...plan.spans]
      }
      const span = spans.shift()
      if (!span || !(await readSpan(span))) {
        spans = []
        return false
      }
      problem = null
      if (spans.length === 0) progress = planned
      return spans.length > 0
    },
    problem: () => problem,
  }
}
