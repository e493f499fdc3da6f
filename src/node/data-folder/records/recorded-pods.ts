import { parseMonth } from '../../../core/money/ledger/month-book-codec'
import { costsFolder, openLedgerFiles } from './ledger-files'

/** Enough to know an account by its pods. */
const MONTHS = 2

/** The pods of an account's latest costs in the data folder. */
export const recordedPodIds = (dataFolder: string, accountId: string): readonly string[] => [
  ...recordedPodNames(dataFolder, accountId, MONTHS).keys(),
]

/** The names of the pods of an account's costs of so many months, as last recorded, by id. */
export function recordedPodNames(
  dataFolder: string,
  accountId: string,
  months: number,
): ReadonlyMap<string, string> {
  const files = openLedgerFiles(costsFolder(dataFolder, accountId), () => false)
  return new Map(
    [...files.months()]
      .sort()
      .slice(-months)
      .flatMap((month) => [...(parseMonth(month, files.read(month).text ?? '')?.book.subjects ?? [])])
      .flatMap(([subject, { name }]): readonly (readonly [string, string])[] => {
        const podId = /^(?:pod|member)\/(.+)$/s.exec(subject)?.[1]
        return podId === undefined ? [] : [[podId, name ?? podId]]
      }),
  )
}
