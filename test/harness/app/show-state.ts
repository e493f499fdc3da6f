import type { ElectronApplication, Page } from 'playwright-core'
import type { PodHistory } from '../../../src/core/polling/fleet'
import { writeSnapshot } from '../../../src/shared/snapshot-text'
import { NOW_MS } from '../pod-views'
import { historiesOf } from './state-pods'
import type { WindowState } from './states'
import { until } from './waiting'

/** Above every revision that an app counts to by itself, so that nothing of its own is shown in between. */
let revision = 1_000_000

/**
 * From now on `page` stands at `NOW_MS`, and the app answers with the histories of the states. Once per page; the app
 * should have no account, and `TZ` be UTC.
 */
export async function prepareForStates(app: ElectronApplication, page: Page): Promise<void> {
  await page.clock.setFixedTime(NOW_MS)
  await app.evaluate(({ ipcMain }) => {
    const kept = globalThis as unknown as { stateHistories: readonly PodHistory[] }
    kept.stateHistories = []
    ipcMain.removeHandler('podkeeper:request:history')
    ipcMain.handle('podkeeper:request:history', () => ({ ok: true, value: kept.stateHistories }))
  })
}

/** Sends `state` to `page` as the app would, and returns once it is drawn. */
export async function showState(app: ElectronApplication, page: Page, state: WindowState): Promise<void> {
  revision += 1
  const histories = historiesOf(state.snapshot.pods)
  await app.evaluate((_electron, given) => {
    Object.assign(globalThis, { stateHistories: given })
  }, histories)
  // The mirror listened first: once this listener is called, it has taken the snapshot.
  await page.evaluate(`void (window.stateSeen = new Promise((done) => {
    const end = window.app.on('snapshot', () => { end(); done() })
  }))`)
  const window = await app.browserWindow(page)
  await window.evaluate(
    (one, text) => (one as Electron.BrowserWindow).webContents.send('podkeeper:event:snapshot', text),
    writeSnapshot({ ...state.snapshot, revision }),
  )
  await page.evaluate('window.stateSeen')
  if (state.window === 'main' && state.snapshot.pods.length > 0) {
    const field = page.getByRole('searchbox')
    await field.fill(state.search ?? '')
    await field.blur()
  }
  const blank = state.snapshot.pods.filter(
    ({ phase, utilPercent }) => phase === 'running' && utilPercent === null,
  )
  await until('the sparklines', async () => (await page.locator('.spark .none').count()) <= blank.length)
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
}
