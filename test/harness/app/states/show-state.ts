import type { ElectronApplication, Page } from 'playwright-core'
import type { PodHistory } from '../../../../src/core/polling/fleet'
import { serializeSnapshot } from '../../../../src/shared/snapshot-text'
import { NOW_MS } from '../../samples/pod-views'
import { historiesOf } from './state-pods'
import type { WindowState } from './window-states'
import { waitUntil } from '../act/wait-until'

/** Higher than any revision of the app itself, so that none of its own snapshots is shown in between. */
let revision = 1_000_000

/**
 * Sets `page`'s clock to `NOW_MS` and makes the app respond with the histories of the states. Call it once per page.
 * The app should have no account, and `TZ` must be UTC.
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
  // The snapshot store's listener was added first, so it has processed the snapshot when this one is called.
  await page.evaluate(`void (window.stateSeen = new Promise((done) => {
    const end = window.app.on('snapshot', () => { end(); done() })
  }))`)
  const window = await app.browserWindow(page)
  await window.evaluate(
    (one, text) => (one as Electron.BrowserWindow).webContents.send('podkeeper:event:snapshot', text),
    serializeSnapshot({ ...state.snapshot, revision }),
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
  await waitUntil('the sparklines', async () => (await page.locator('.spark .none').count()) <= blank.length)
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
}
