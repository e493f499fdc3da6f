import { parseMonthBook } from '../../core/money/ledger/month-book-codec'
import { costsFolder, openLedgerFiles } from './ledger-files'

/** Enough to know an account by its pods. */
const MONTHS = 2

/** The pods of an account's latest costs in the data folder. */
export function recordedPodIds(dataFolder: string, accountId: string): readonly string[] {
  const files = openLedgerFiles(costsFolder(dataFolder, accountId), () => false)
  return [...files.months()]
    .sort()
    .slice(-MONTHS)
    .flatMap((month) => [
      ...(parseMonthBook(month, files.read(month).text ?? '')?.book.subjects.keys() ?? []),
    ])
    .flatMap((subject) => /^(?:pod|member)\/(.+)$/s.exec(subject)?.[1] ?? [])
}
