import { hardwareOf } from '../../pods/pod-capabilities'
import type { Pod } from '../../pods/pod'
import { podSubjectId, type SubjectId } from '../ledger/billing-state'
import type { Ledger } from '../ledger/ledger'
import type { MonthBook, Subject } from '../ledger/month-book'

export type KnownSubject = Pick<Subject, 'name' | 'hardware'>

/**
 * What is known of the subjects that only a bill has in this month: what the pods as last listed say, and else the newest
 * other month that names them. See docs/product-rules.md#53-rows-and-idle-cost.
 */
export function knownSubjects(
  ledger: Pick<Ledger, 'months' | 'book'>,
  book: MonthBook,
  pods: readonly Pod[],
): ReadonlyMap<SubjectId, KnownSubject> {
  const unnamed = new Set([...book.subjects].flatMap(([id, { name }]) => (name === null ? [id] : [])))
  const known = new Map<SubjectId, KnownSubject>()
  const name = (id: SubjectId, subject: KnownSubject): void => {
    if (subject.name !== null && unnamed.delete(id)) known.set(id, subject)
  }
  for (const pod of pods) name(podSubjectId(pod), { name: pod.name, hardware: hardwareOf(pod) })
  const others = unnamed.size === 0 ? [] : ledger.months().filter((month) => month !== book.month)
  for (const month of others) for (const [id, subject] of ledger.book(month).subjects) name(id, subject)
  return known
}
