import type { Clock } from '../base/clock'
import { billKinds, type Provider } from '../pods/provider'
import { noProgress, planBills, type Span } from './bill-plan'
import { oddityWords } from './ledger/bills'
import type { Ledger } from './ledger/ledger'

/** Reads bills into the ledger, a span at a time. */
export interface BillReader {
  /** Whether the next read begins a round. */
  isRoundOver(): boolean
  /** Reads the next span; true: there is more to read in this round. */
  readNext(): Promise<boolean>
  /** Why the last read failed, in words; null: it did not. */
  problem(): string | null
}

/** `note` is told what was odd about a bill, in a sentence. */
export function createBillReader(
  provider: Provider,
  clock: Clock,
  ledger: Pick<Ledger, 'takeBill'>,
  note: (words: string) => void,
): BillReader {
  let progress = noProgress
  let planned = noProgress
  let spans: Span[] = []
  let problem: string | null = null

  /** False: a bill could not be read, and it is not worth asking for more now. */
  async function readSpan({ fromMs, toMs }: Span): Promise<boolean> {
    for (const kind of billKinds) {
      const askedAtMs = clock.now().wallMs
      const read = await provider.readBills?.(kind, fromMs, toMs)
      if (!read) return false
      if (!read.ok) {
        problem = read.error.message
        return false
      }
      const { rows, unreadable } = read.value
      const oddities = ledger.takeBill({ kind, askedAtMs, fromMs, toMs, rows })
      const words = oddityWords(kind, oddities, unreadable)
      if (words !== null) note(words)
    }
    return true
  }

  return {
    isRoundOver: () => spans.length === 0,
    async readNext() {
      if (!provider.readBills) return false
      if (spans.length === 0) {
        const plan = planBills(progress, clock.now().wallMs)
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
