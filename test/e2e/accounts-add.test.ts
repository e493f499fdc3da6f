import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { type AccountScene, keysOf, openAccountScene } from '../harness/app/start/account-scene'
import { confirmByKeyboard, confirmWindows, questionTitled } from '../harness/app/act/questions'
import { card, screenshot, VOLUME } from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'

let accounts: AccountScene
afterEach(() => accounts?.close())

const names = (page: Page): Promise<string[]> => page.getByRole('article').locator('h3').allTextContents()
const actionsAt = (name: string): readonly string[] =>
  accounts.runpods[name]!.requests.flatMap(({ action, podId }) =>
    action === undefined ? [] : [`${action} ${podId}`],
  )

test('an account is added from the menu by keyboard alone, with the steps of the first run for it', async () => {
  accounts = await openAccountScene([
    { key: keysOf.first, name: 'Personal', pods: [{ id: 'a', name: 'llama', mode: 'training', ...VOLUME }] },
    { key: keysOf.second, name: 'Acme', pods: [{ id: 'b', name: 'voice', mode: 'training', ...VOLUME }] },
    {
      key: keysOf.third,
      name: 'Lab',
      pods: [{ id: 'c', name: 'camb', mode: 'training', ...VOLUME }],
      isLeftOut: true,
    },
  ])
  const { scene } = accounts
  await scene.page.evaluate("window.app.openWindow('settings')")
  const window = await scene.running.mainWindow()
  // The page takes the focus once it is there.
  await expect.poll(() => window.evaluate('document.activeElement.type')).toBe('search')
  await window.getByRole('button', { name: /^Account:/ }).press('Enter')
  await window.getByRole('menuitem', { name: 'Add an account' }).waitFor()
  await window.locator('.account-menu [role=menuitemradio]:focus').waitFor()
  await window.keyboard.press('End')
  await window.keyboard.press('ArrowUp')
  await window.keyboard.press('Enter')
  await expect.poll(() => window.evaluate('document.activeElement.id')).toBe('api-key')
  await scene.running.app.evaluate(({ clipboard }, key) => clipboard.writeText(key), keysOf.third)
  await window.keyboard.press('Control+v')
  await window.getByRole('article').first().waitFor()
  await screenshot(window, 'accounts/add')
  await expect.poll(async () => (await names(window)).sort()).toEqual(['camb', 'llama', 'voice'])
  const { accounts: parts } = await accounts.snapshot()
  expect(parts.map(({ entry }) => entry.name)).toEqual(['Personal', 'Acme', 'Runpod'])
  expect(new Set(parts.map(({ entry }) => entry.color)).size).toBe(3)
})

test('a yes to a stop that loses everything counts for the account that was asked about, although the other has such a pod', async () => {
  const pods = [{ id: 'same', name: 'scratch', mode: 'training' }] as const
  accounts = await openAccountScene(
    [
      { key: keysOf.first, name: 'Personal', pods },
      { key: keysOf.second, name: 'Lab', pods },
    ],
    { settings: { undoS: 1 } },
  )
  const { scene } = accounts
  await scene.page.evaluate("window.app.openWindow('pods')")
  const window = await scene.running.mainWindow()
  const cardIn = (account: string) => card(window, 'scratch').filter({ hasText: `Account ${account}` })
  for (const account of ['Personal', 'Lab'])
    await cardIn(account).getByRole('button', { name: 'Stop scratch' }).press('Enter')
  const question = await questionTitled(scene.running, 'Stop scratch?')
  await expect.poll(() => question.textContent('main')).toContain('In your account Personal')
  await screenshot(question, 'accounts/stop')
  await confirmByKeyboard(question, 'Stop pod')
  await expect.poll(() => actionsAt('Personal')).toEqual(['stop same'])
  // The question about the other one is still open.
  const second = await questionTitled(scene.running, 'Stop scratch?')
  await expect.poll(() => second.textContent('main')).toContain('In your account Lab')
  expect(actionsAt('Lab')).toEqual([])
  await second.keyboard.press('Escape').catch(() => undefined)
  await waitUntil('no question', () => confirmWindows(scene.running).length === 0)
  expect(actionsAt('Lab')).toEqual([])
})
