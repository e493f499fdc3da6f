import { errorText, fileNotWritten } from '../../core/base/text/error-text'
import { costsCsv } from '../../core/money/costs/costs-csv'
import type { CostsView } from '../../core/money/costs/costs-view'
import { fail, ok } from '../../core/base/result'
import { replaceUserFile } from '../../node/data-folder/files/replace-file'
import type { Handlers } from '../../shared/ipc'
import { accountText } from '../account/account-text'

/** Exports a month's table. Main asks for the file, so windows cannot choose a path. */
export function createCostsExport(
  costs: (accountId: string, month: string | null) => CostsView | null,
  chooseSavePath: (suggestedName: string) => Promise<string | null>,
): Pick<Handlers, 'exportCosts'> {
  return {
    async exportCosts(accountId, month) {
      const view = costs(accountId, month)
      if (view === null) return fail(accountText.notConnected)
      const path = await chooseSavePath(`podkeeper-costs-${view.month}.csv`)
      if (path === null) return ok(null)
      try {
        replaceUserFile(path, costsCsv(view))
        return ok(path)
      } catch (cause) {
        const why = errorText(cause)
        return fail(fileNotWritten(path, why))
      }
    },
  }
}
