import { formatUsd } from '../base/text/format'

/* What a volume costs, as shown before it is created or grown. Amounts are USD a month; null: not known. */

export const newPriceText = (perMonthUsd: number | null): string =>
  perMonthUsd === null
    ? 'It has no public price and costs money until you delete it, even without a pod.'
    : `It costs ${formatUsd(perMonthUsd)} a month until you delete it, even without a pod.`

export function grownPriceText(before: number | null, after: number | null): string {
  if (after === null) return 'It will cost more. This kind of volume has no public price.'
  // Its size is not known.
  if (before === null) return `It will cost ${formatUsd(after)} a month.`
  return `It will cost ${formatUsd(after)} a month instead of ${formatUsd(before)}.`
}
