import type { PodId } from '../../pods/pod'
import type { Ledger } from '../ledger/ledger'
import { monthAfter, monthOf } from '../ledger/months'

/** A pod that was running when an earlier program listed it last. */
export interface EarlierPod {
  readonly podId: PodId
  readonly name: string
  /** "4 × H100 SXM"; null: not known. */
  readonly hardware: string | null
  /** Unix ms; null: not known. */
  readonly startedAtMs: number | null
  /** When it was listed, Unix ms. */
  readonly seenAtMs: number
}

const PREFIX = 'pod/'

/** The pods that were running by the last observations of the ledger, before this program listed any. */
export function earlierPodsOf(ledger: Pick<Ledger, 'lastObservations' | 'book'>): readonly EarlierPod[] {
  return [...ledger.lastObservations()].flatMap(([key, { atMs, billingState, missedAtMs }]): EarlierPod[] => {
    if (!key.startsWith(PREFIX) || billingState.kind === 'off' || missedAtMs !== null) return []
    const podId = key.slice(PREFIX.length)
    const month = monthOf(atMs)
    const subject =
      ledger.book(month).subjects.get(key) ?? ledger.book(monthAfter(month, -1)).subjects.get(key)
    return [
      {
        podId,
        name: subject?.name ?? podId,
        hardware: subject?.hardware ?? null,
        startedAtMs: billingState.startedAtMs,
        seenAtMs: atMs,
      },
    ]
  })
}
