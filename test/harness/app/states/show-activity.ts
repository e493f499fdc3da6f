import type { ElectronApplication } from 'playwright-core'
import type { ListedAuditEntry } from '../../../../src/core/audit-log/audit-log'
import type { ActivityFilter } from '../../../../src/shared/requests/activity-requests'

/** Makes the app respond with these entries from now on, newest first, in pages of `limit`; null for an error. */
export async function serveActivity(
  app: ElectronApplication,
  entries: readonly ListedAuditEntry[] | null,
  limit = 100,
): Promise<void> {
  await app.evaluate(
    ({ ipcMain }, given) => {
      ipcMain.removeHandler('podkeeper:request:auditPage')
      ipcMain.handle(
        'podkeeper:request:auditPage',
        (_event, before: number | null, filter: ActivityFilter) => {
          if (given.entries === null)
            return { ok: false, error: { message: 'Something went wrong in Podkeeper. Try again.' } }
          const asked = given.entries.filter(
            ({ seq, accountId, podId, kind }) =>
              (before === null || seq < before) &&
              (filter.accountId === undefined || accountId === filter.accountId) &&
              (filter.podKey === undefined || `${accountId}/${podId}` === filter.podKey) &&
              (filter.kind === undefined || kind === filter.kind),
          )
          const page = asked.slice(0, given.limit)
          const last = page[page.length - 1]
          return {
            ok: true,
            value: {
              entries: page,
              companions: [],
              before: asked.length > page.length && last ? last.seq : null,
              looked: { lines: page.length, toMs: last?.atMs ?? null },
            },
          }
        },
      )
    },
    { entries, limit },
  )
}
