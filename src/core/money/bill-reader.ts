import type { Clock } from '../base/clock'
import { billKinds, type Provider } from '../pods/provider'
import { type BillSpan, initialBillReadProgress, planBillReads } from './bill-plan'
import { oddityText } from './ledger/bills'
import type { Ledger } from './ledger/ledger'

/** Reads bills into the ledger, one range at a time. */
export interface BillReader {
  /** Whether the next read starts a new round. */
  isRoundOver(): boolean
  /** Reads the next range; true when there is more to read in this round. */
  readNext(): Promise<boolean>
  /** Why the last read failed, as a sentence; null when it succeeded. */
  problem(): string | null
}

/** `onOddity` receives a sentence about anything unusual in a bill. */
export function createBillReader(
  provider: Provider,
  clock: Clock,
  ledger: Pick<Ledger, 'applyBill'>,
  onOddity: (text: string) => void,
): BillReader {
  let progress = initialBillReadProgress
  let planned = initialBillReadProgress
  let spans: BillSpan[] = []
  let problem: string | null = null

  /** False when a bill could not be read, so that further requests should wait. */
  async function readSpan({ fromMs, toMs }: BillSpan): Promise<boolean> {
    for (const kind of billKinds) {
      const requestedAtMs = clock.now().wallMs
      const read = await provider.readBills?.(kind, fromMs, toMs)
      if (!read) return false
      if (!read.ok) {
        problem = read.error.message
        return false
      }
      const { rows, unreadableCount } = read.value
      const oddities = ledger.applyBill({ kind, requestedAtMs, fromMs, toMs, rows })
      const text = oddityText(kind, oddities, unreadableCount)
      if (text !== null) onOddity(text)
    }
    return true
  }

  return {
    isRoundOver: () => spans.length === 0,
    async readNext() {
      if (!provider.readBills) return false
      if (spans.length === 0) {
        const plan = planBillReads(progress, clock.now().wallMs)
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
