import type { ElectronApplication } from 'playwright-core'
import type { CostsView } from '../../../src/core/money/costs/costs-view'

/** From now on the app answers with these costs; null: that it failed. */
export async function answerCosts(app: ElectronApplication, costs: CostsView | null): Promise<void> {
  await app.evaluate(({ ipcMain }, given) => {
    ipcMain.removeHandler('podkeeper:request:costs')
    ipcMain.handle('podkeeper:request:costs', () =>
      given === null
        ? { ok: false, error: { message: 'Podkeeper stumbled; please try again.' } }
        : { ok: true, value: given },
    )
  }, costs)
}
