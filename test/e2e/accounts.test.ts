import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { type AccountScene, type AccountSpec, keysOf, openAccountScene } from '../harness/app/account-scene'
import { axeFaults, loadAxe } from '../harness/app/axe'
import { card, screenshot, VOLUME } from '../harness/app/scene'

/** As long as a name can be. */
const LONG_NAME = 'Planck lab, second floor, the new cluster'.slice(0, 40)

const threeAccounts: readonly AccountSpec[] = [
  {
    key: keysOf.first,
    name: 'Personal',
    balanceUsd: 164.2,
    pods: [
      { id: 'shared', name: 'llama-70b', mode: 'training', ...VOLUME },
      { id: 'idle', name: 'mcmc-planck', mode: 'idle', ...VOLUME },
    ],
  },
  {
    key: keysOf.second,
    name: 'Acme Research',
    balanceUsd: 12.5,
    pods: [{ id: 'shared', name: 'voice-clone-ft', mode: 'training', ...VOLUME }],
  },
  {
    key: keysOf.third,
    name: LONG_NAME,
    balanceUsd: 900,
    pods: [{ id: 'third', name: 'camb-emulator', mode: 'training', ...VOLUME }],
  },
]

let accounts: AccountScene
afterEach(() => accounts?.close())

async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await screenshot(page, `accounts/${name}-${colorScheme}`)
    await loadAxe(page)
    expect(await axeFaults(page, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  }
}

async function openWindow(page: string): Promise<Page> {
  await accounts.scene.page.evaluate(`window.app.openWindow('${page}')`)
  return accounts.scene.running.mainWindow()
}

test('three accounts, one refused and one offline, are shown together and one by one, by number keys alone', async () => {
  accounts = await openAccountScene(threeAccounts, { settings: { keyRetryS: 1 } })
  const { scene } = accounts
  const window = await openWindow('pods')
  await expect.poll(() => window.getByRole('article').count()).toBe(4)
  await look(window, 'all')
  await look(scene.page, 'popover')
  accounts.treat('Acme Research', 'refuses')
  accounts.treat(LONG_NAME, 'offline')
  await expect
    .poll(async () => (await accounts.part('Acme Research')).connection.kind, { timeout: 60_000 })
    .toBe('key-refused')
  await expect
    .poll(async () => (await accounts.part(LONG_NAME)).connection.kind, { timeout: 60_000 })
    .toBe('offline')
  await look(window, 'two-in-trouble')
  await look(scene.page, 'popover-two-in-trouble')
  await window.getByRole('button', { name: /^Account:/ }).focus()
  await window.keyboard.press('Enter')
  await window.getByRole('menuitemradio', { name: /Personal/ }).waitFor()
  await look(window, 'menu')
  await window.keyboard.press('2')
  await expect.poll(() => window.getByRole('article').count()).toBe(1)
  expect(await card(window, 'voice-clone-ft').count()).toBe(1)
  await look(window, 'one')
  const settings = await openWindow('settings')
  await settings.getByRole('region', { name: 'Accounts' }).scrollIntoViewIfNeeded()
  await look(settings, 'settings')
})
