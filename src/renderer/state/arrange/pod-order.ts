import type { BurnRate } from '../../../core/money/burn-rate'
import type { AccountId } from '../../../core/pods/pod'
import type { PodView } from '../../../core/view/snapshot'
import { isIdle } from '../../../core/view/pod-state'
import type { PodOrder } from './pod-filter'

type PodComparator = (a: PodView, b: PodView) => number

/** Compares in the usual direction of each order: names from A, everything else from its largest or oldest. */
export function podComparator(
  order: PodOrder,
  nameOf: (accountId: AccountId) => string = () => '',
): PodComparator {
  switch (order) {
    case 'price':
      return byPrice
    case 'idle':
      return (a, b) => idleMs(b) - idleMs(a) || byPrice(a, b)
    case 'idle-cost':
      return (a, b) => idleUsd(b) - idleUsd(a) || byPrice(a, b)
    case 'name':
      return (a, b) => collator.compare(a.name, b.name)
    case 'age':
      return (a, b) => startMs(a) - startMs(b)
    case 'hardware':
      return (a, b) => compareKnown(a.hardware, b.hardware) || byPrice(a, b)
    case 'account':
      return (a, b) => collator.compare(nameOf(a.accountId), nameOf(b.accountId)) || byPrice(a, b)
  }
}

/** Case-insensitive, with "run-9" before "run-10". */
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

const byPrice: PodComparator = (a, b) => (perHourUsd(b) ?? -1) - (perHourUsd(a) ?? -1)

/** Current cost of a pod: its rate, or its disk's while it is stopped; null when unknown. */
export function perHourUsd(pod: PodView): number | null {
  if (pod.phase === 'terminated') return 0
  return pod.phase === 'stopped' ? pod.stoppedDiskPerHourUsd : pod.costPerHourUsd
}

/** What these pods cost now. */
export const burnRateOf = (pods: readonly PodView[]): BurnRate => ({
  perHourUsd: pods.reduce((sum, pod) => sum + (perHourUsd(pod) ?? 0), 0),
  isAtLeast: pods.some((pod) => perHourUsd(pod) === null),
  ...(pods.some(({ isPriceApproximate }) => isPriceApproximate) && { isApproximate: true as const }),
})

/** Equal pods keep an order that doesn't depend on the reply. */
export const byNameAndId: PodComparator = (a, b) => compareText(a.name, b.name) || compareText(a.key, b.key)

export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

function idleMs(pod: PodView): number {
  return isIdle(pod) && pod.activity.kind === 'idle' ? pod.activity.idleForMs : -1
}

function idleUsd(pod: PodView): number {
  return isIdle(pod) ? (pod.idleCostUsd ?? 0) : -1
}

/** Start time for sorting by age; unknown sorts last. */
function startMs(pod: PodView): number {
  return pod.startedAtMs ?? pod.createdAtMs ?? Number.MAX_SAFE_INTEGER
}

/** What is unknown sorts last. */
function compareKnown(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return collator.compare(a, b)
}
