import type { ElectronApplication } from 'playwright-core'
import type { CostsView } from '../../../../src/core/money/costs/costs-view'

/** Makes the app respond with these costs from now on; null for an error. */
export async function serveCosts(app: ElectronApplication, costs: CostsView | null): Promise<void> {
  await app.evaluate(({ ipcMain }, given) => {
    ipcMain.removeHandler('podkeeper:request:costs')
    ipcMain.handle('podkeeper:request:costs', () =>
      given === null
        ? { ok: false, error: { message: 'Something went wrong in Podkeeper. Try again.' } }
        : { ok: true, value: given },
    )
  }, costs)
}
