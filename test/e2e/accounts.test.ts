import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AuditPage } from '../../src/core/audit-log/audit-log'
import {
  type AccountScene,
  type AccountSpec,
  changeAccount,
  keysOf,
  openAccountScene,
} from '../harness/app/start/account-scene'
import { startKeyring } from '../harness/app/desktop/keyring'
import { confirmByKeyboard, confirmWindows, questionTitled } from '../harness/app/act/questions'
import {
  arePicturesDrawn,
  card,
  copyAndPaste,
  openPalette,
  screenshot,
  VOLUME,
} from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'

/** As long as a name can be. */
const LONG_NAME = 'Planck lab, second floor, the new cluste'

/** Two of them have a pod with the same id. */
const threeAccounts: readonly AccountSpec[] = [
  {
    key: keysOf.first,
    name: 'Personal',
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
    isLeftOut: true,
  },
]

/* Three accounts in one app. The tests run in order, and the last one removes an account. */

let accounts: AccountScene
let endKeyring: () => Promise<void>
beforeAll(async () => {
  endKeyring = await startKeyring()
  accounts = await openAccountScene(threeAccounts, { settings: { keyRetryS: 1 } })
})
afterAll(async () => {
  await accounts?.close()
  await endKeyring?.()
})

/**
 * Saves a picture in both themes. test/browser/accounts-many.test.ts, costs-page.test.ts and activity-page.test.ts check
 * these pages with axe-core.
 */
async function draw(page: Page, name: string): Promise<void> {
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  for (const colorScheme of arePicturesDrawn() ? (['dark', 'light'] as const) : []) {
    await page.emulateMedia({ colorScheme })
    await screenshot(page, `accounts/${name}-${colorScheme}`)
  }
}

async function openWindow(page: string, about?: string): Promise<Page> {
  await accounts.scene.page.evaluate(
    about === undefined
      ? `window.app.openWindow('${page}')`
      : `window.app.openWindowAt('${page}', '${about}')`,
  )
  return accounts.scene.running.mainWindow()
}

async function press(button: Locator): Promise<void> {
  await button.focus()
  await button.press('Enter')
}

/** Waits until what matches, or something in it, has the focus. */
const hasFocus = (page: Page, selector: string): Promise<void> =>
  page.locator(`${selector}:focus, ${selector} :focus`).waitFor()

/** Opens the account menu by keyboard. */
async function openMenu(page: Page): Promise<void> {
  await press(page.getByRole('button', { name: /^Account:/ }))
  await page.getByRole('menuitemradio', { name: 'All accounts' }).waitFor()
  await hasFocus(page, '.account-menu')
}

const actionsAt = (name: string): readonly string[] =>
  accounts.runpods[name]!.requests.flatMap(({ action, podId }) =>
    action === undefined ? [] : [`${action} ${podId}`],
  )
const change = (setting: string, value: unknown): Promise<unknown> =>
  accounts.scene.page.evaluate(`window.app.changeSetting('${setting}', ${JSON.stringify(value)})`)
const kindOf = async (name: string) => (await accounts.part(name)).connection.kind
const idOf = async (name: string): Promise<string> => (await accounts.part(name)).entry.id
const names = (page: Page): Promise<string[]> => page.getByRole('article').locator('h3').allTextContents()
const rowOf = (page: Page, name: string): Locator => page.getByRole('group', { name: `Account ${name}` })

test('an account is added from the menu by keyboard alone, with the steps of the first run for it', async () => {
  const { scene } = accounts
  const window = await openWindow('settings')
  // The page takes the focus once it is there.
  await expect.poll(() => window.evaluate('document.activeElement.type')).toBe('search')
  await openMenu(window)
  await window.getByRole('menuitem', { name: 'Add an account' }).waitFor()
  await window.keyboard.press('End')
  await window.keyboard.press('ArrowUp')
  await window.keyboard.press('Enter')
  await expect.poll(() => window.evaluate('document.activeElement.id')).toBe('api-key')
  await scene.running.app.evaluate(({ clipboard }, key) => clipboard.writeText(key), keysOf.third)
  await window.keyboard.press('Control+v')
  const question = await questionTitled(scene.running, 'Add another account?')
  await screenshot(question, 'accounts/question')
  await confirmByKeyboard(question, 'Add account')
  await window.getByRole('article').first().waitFor()
  await screenshot(window, 'accounts/add')
  const all = ['camb-emulator', 'llama-70b', 'mcmc-planck', 'voice-clone-ft']
  await expect.poll(async () => (await names(window)).sort()).toEqual(all)
  const { accounts: parts } = await accounts.snapshot()
  expect(parts.map(({ entry }) => entry.name)).toEqual(['Personal', 'Acme Research', 'Runpod'])
  expect(new Set(parts.map(({ entry }) => entry.color)).size).toBe(3)
  await changeAccount(scene.page, await idOf('Runpod'), { name: LONG_NAME })
})

test('three accounts, one refused and one offline, are shown together and one by one, by keyboard alone', async () => {
  const popover = accounts.scene.page
  const window = await openWindow('pods')
  await expect.poll(() => names(window)).toHaveLength(4)
  expect(await card(window, 'voice-clone-ft').textContent()).toContain('Acme Research')
  await expect.poll(() => window.textContent('body')).toMatch(/Lowest balance[$.\d]+( \w+)?Acme Research/)
  await draw(window, 'all')
  await draw(popover, 'popover')

  accounts.treat('Acme Research', 'refuses')
  accounts.treat(LONG_NAME, 'offline')
  await expect.poll(() => kindOf('Acme Research'), { timeout: 60_000 }).toBe('key-refused')
  await expect.poll(() => kindOf(LONG_NAME), { timeout: 60_000 }).toBe('offline')
  expect(await kindOf('Personal')).toBe('live')
  await expect.poll(() => window.textContent('body')).toContain('1 of 3 live')
  const isStale = (name: string) => card(window, name).evaluate((one) => one.classList.contains('stale'))
  expect(await Promise.all(['llama-70b', 'voice-clone-ft', 'camb-emulator'].map(isStale))).toEqual([
    false,
    true,
    true,
  ])
  const messages = window.getByRole('list', { name: 'Messages', exact: true })
  expect(await messages.textContent()).toMatch(/Acme Research: data from .*Nothing is watched until/)
  expect(await messages.textContent()).toContain(`${LONG_NAME}: data from`)
  await draw(window, 'two-in-trouble')
  await draw(popover, 'popover-two-in-trouble')

  await openMenu(window)
  await draw(window, 'menu')
  await window.keyboard.press('2')
  await expect.poll(() => names(window)).toEqual(['voice-clone-ft'])
  await draw(window, 'one')
  await window.reload()
  await expect.poll(() => names(window)).toEqual(['voice-clone-ft'])
  await openMenu(window)
  await window.keyboard.press('0')
  await expect.poll(() => names(window)).toHaveLength(4)
  await openPalette(window)
  await window.keyboard.type('show account personal')
  await window.keyboard.press('Enter')
  await expect.poll(async () => (await names(window)).sort()).toEqual(['llama-70b', 'mcmc-planck'])
  await openMenu(window)
  await window.keyboard.press('Home')
  await window.keyboard.press('Enter')
  await expect.poll(() => names(window)).toHaveLength(4)
  await window.keyboard.press('/')
  await window.keyboard.type('acme')
  await expect.poll(() => names(window)).toEqual(['voice-clone-ft'])
  await window.keyboard.press('Escape')
  await openMenu(popover)
  await draw(popover, 'popover-menu')
  await popover.keyboard.press('3')
  await expect.poll(() => names(popover)).toEqual(['camb-emulator'])
  await openMenu(popover)
  await popover.keyboard.press('0')
  accounts.treat(LONG_NAME, 'answers')
  await expect.poll(() => kindOf(LONG_NAME)).toBe('live')
})

test('a stop in one account is sent there alone, while that of another account fails', async () => {
  await change('undoS', 1)
  expect(await kindOf('Acme Research')).toBe('key-refused')
  const window = await openWindow('pods')
  await press(card(window, 'voice-clone-ft').getByRole('button', { name: 'Stop voice-clone-ft' }))
  await press(card(window, 'llama-70b').getByRole('button', { name: 'Stop llama-70b' }))
  await expect.poll(() => actionsAt('Personal'), { timeout: 30_000 }).toEqual(['stop shared'])
  await expect
    .poll(() => accounts.runpods['Personal']!.pod('shared')['status'], { timeout: 30_000 })
    .toBe('EXITED')
  expect(accounts.runpods['Acme Research']!.runningPodIds()).toEqual(['shared'])
  const acme = await idOf('Acme Research')
  const page = await window.evaluate<{ value: AuditPage }>(
    `window.app.auditPage(null, { accountId: '${acme}', kind: 'intent' })`,
  )
  expect(page.value.entries.map(({ text }) => text).join('\n')).toMatch(/voice-clone-ft/)
  expect(page.value.entries.map(({ text }) => text).join('\n')).not.toMatch(/llama-70b/)
  accounts.treat('Acme Research', 'answers')
  // Nothing is asked with a key that was refused until it is given again.
  await copyAndPaste(accounts.scene, keysOf.second)
  await expect.poll(() => kindOf('Acme Research')).toBe('live')
})

test('a yes to a stop that loses everything counts for the account that was asked about, although the other has such a pod', async () => {
  const { scene } = accounts
  for (const name of ['Personal', 'Acme Research'])
    accounts.runpods[name]!.addPod({ id: 'same', name: 'scratch', mode: 'training' })
  const window = await openWindow('pods')
  const cardIn = (account: string) => card(window, 'scratch').filter({ hasText: `Account ${account}` })
  for (const account of ['Personal', 'Acme Research'])
    await cardIn(account).getByRole('button', { name: 'Stop scratch' }).press('Enter')
  const question = await questionTitled(scene.running, 'Stop scratch?')
  await expect.poll(() => question.textContent('main')).toContain('in your account Personal')
  await screenshot(question, 'accounts/stop')
  await confirmByKeyboard(question, 'Stop pod')
  const stopsOfScratch = (name: string) => actionsAt(name).filter((action) => action === 'stop same')
  await expect.poll(() => stopsOfScratch('Personal')).toEqual(['stop same'])
  // The question about the other one is still open.
  const second = await questionTitled(scene.running, 'Stop scratch?')
  await expect.poll(() => second.textContent('main')).toContain('in your account Acme Research')
  expect(stopsOfScratch('Acme Research')).toEqual([])
  await second.keyboard.press('Escape').catch(() => undefined)
  await waitUntil('no question', () => confirmWindows(scene.running).length === 0)
  expect(stopsOfScratch('Acme Research')).toEqual([])
  for (const name of ['Personal', 'Acme Research']) accounts.runpods[name]!.removePod('same')
  await expect.poll(async () => (await accounts.snapshot()).pods).toHaveLength(4)
})

test('each account has budgets of its own, and all together have those of the settings', async () => {
  const window = await openWindow('settings', 'accounts')
  await hasFocus(window, '#setting-accounts')
  const field = rowOf(window, 'Acme Research').getByLabel('Monthly budget')
  await field.focus()
  await window.keyboard.type('0.50')
  await window.keyboard.press('Enter')
  await expect.poll(async () => (await accounts.part('Acme Research')).entry.monthlyBudgetUsd).toBe(0.5)
  await change('monthlyBudgetUsd', '2.00')
  await openWindow('pods')
  const money = window.getByRole('region', { name: 'Money and counts' })
  await expect.poll(() => money.textContent()).toContain('of $2.00')
  await draw(window, 'budget-of-all')
  for (const [key, text] of [
    ['2', 'of $0.50'],
    ['1', 'Set budget'],
  ] as const) {
    await openMenu(window)
    await window.keyboard.press(key)
    await expect.poll(() => money.textContent()).toContain(text)
  }
  const alertsOf = async (id: string | null): Promise<readonly string[]> => {
    const page = await window.evaluate<{ value: AuditPage }>(
      `window.app.auditPage(null, ${JSON.stringify({ kind: 'alert', ...(id !== null && { accountId: id }) })})`,
    )
    return page.value.entries.map(({ text }) => text)
  }
  await openMenu(window)
  await window.keyboard.press('0')
  await openWindow('costs')
  const costs = window.getByRole('region', { name: 'Costs', exact: true })
  await expect.poll(() => costs.textContent()).toContain('llama-70b')
  await press(costs.getByRole('button', { name: /Account/ }))
  await hasFocus(window, '[role=listbox]')
  await window.keyboard.press('ArrowDown')
  await window.keyboard.press('Enter')
  await expect.poll(() => costs.textContent()).toContain('of $0.50')
  await expect.poll(() => costs.textContent()).toContain('voice-clone-ft')
  expect(await costs.textContent()).not.toContain('llama-70b')
  await draw(window, 'costs')
  const acme = await idOf('Acme Research')
  await expect
    .poll(() => alertsOf(acme), { timeout: 60_000 })
    .toContainEqual(expect.stringMatching(/budget/i))
  expect((await alertsOf(await idOf('Personal'))).filter((text) => /budget/i.test(text))).toEqual([])
  // That of the settings is told for all together, once.
  await expect
    .poll(async () => (await alertsOf(null)).filter((text) => text.includes('$2.00')), { timeout: 60_000 })
    .toHaveLength(1)
  await openWindow('activity')
  const log = window.getByRole('region', { name: 'Activity', exact: true })
  await expect.poll(() => log.textContent()).toContain('Account Acme Research')
  await draw(window, 'activity')
})

test('an account is renamed, paused, moved and removed in the settings by keyboard alone', async () => {
  const { scene } = accounts
  await change('undoS', 60)
  const window = await openWindow('settings', 'accounts')
  await hasFocus(window, '#setting-accounts')
  const rename = async (from: string, to: string): Promise<void> => {
    const field = rowOf(window, from).getByLabel('Name')
    await field.focus()
    await window.keyboard.press('Control+a')
    await window.keyboard.type(to)
    await window.keyboard.press('Enter')
  }
  await rename('Acme Research', 'personal')
  await expect
    .poll(() => rowOf(window, 'Acme Research').textContent())
    .toContain('Another account is already named Personal.')
  await rename('Acme Research', 'Acme Labs')
  await rowOf(window, 'Acme Labs').waitFor()
  const region = window.getByRole('region', { name: 'Accounts' })
  await region.scrollIntoViewIfNeeded()
  await draw(window, 'settings')

  const acmeRunpod = accounts.runpods['Acme Research']!
  const actionsBefore = actionsAt('Acme Research')
  await press(window.getByRole('button', { name: 'Pause Acme Labs' }))
  await expect.poll(() => rowOf(window, 'Acme Labs').textContent()).toContain('Paused')
  await expect.poll(async () => (await accounts.snapshot()).pods.length).toBe(3)
  const polls = (): number => accounts.runpods['Personal']!.requests.length
  const pausedAt = polls()
  // What was on its way has arrived by then.
  await expect.poll(polls).toBeGreaterThan(pausedAt + 1)
  const seen = acmeRunpod.requests.length
  const before = polls()
  await expect.poll(polls).toBeGreaterThan(before + 3)
  expect(acmeRunpod.requests.length).toBe(seen)
  await press(window.getByRole('button', { name: 'Resume watching Acme Labs' }))
  await expect.poll(async () => (await accounts.snapshot()).pods.length).toBe(4)

  await press(window.getByRole('button', { name: 'Move Acme Labs up' }))
  const order = async () => (await accounts.snapshot()).accounts.map(({ entry }) => entry.name)
  await expect.poll(order).toEqual(['Acme Labs', 'Personal', LONG_NAME])
  expect(JSON.parse(readFileSync(join(scene.running.dataDir, 'config.json'), 'utf8'))).toMatchObject({
    accounts: [{ name: 'Acme Labs' }, { name: 'Personal' }, { name: LONG_NAME }],
  })

  const id = await idOf('Acme Labs')
  expect(await scene.page.evaluate(`window.app.act('${id}/shared', 'stop')`)).toMatchObject({ ok: true })
  const remove = async (isPictured: boolean): Promise<void> => {
    await press(window.getByRole('button', { name: 'Remove Acme Labs…' }))
    const question = await questionTitled(scene.running, 'Remove the account Acme Labs?')
    for (const colorScheme of isPictured ? (['light', 'dark'] as const) : []) {
      await question.emulateMedia({ colorScheme })
      await screenshot(question, `accounts/remove-${colorScheme}`)
    }
    expect(await question.textContent('main')).toMatch(/The key ending in _key is erased here.*stay on this/)
    await confirmByKeyboard(question, 'Remove account')
    // Otherwise it could be taken for the same question asked again.
    await waitUntil('the question to be gone', () => confirmWindows(scene.running).length === 0)
  }
  // Without pictures, since the stop can be undone for a minute only.
  await remove(false)
  await expect
    .poll(() => window.textContent('body'))
    .toMatch(/Couldn’t remove the account: .*remove the account again/)
  expect(await order()).toHaveLength(3)
  const { pods } = await accounts.snapshot()
  const intentId = pods.find(({ accountId }) => accountId === id)?.intent?.id
  await scene.page.evaluate(`window.app.undo('${intentId}')`)
  await remove(true)
  await expect.poll(order).toEqual(['Personal', LONG_NAME])
  await expect
    .poll(() => region.textContent())
    .toContain('Acme Labs removed, and its key deleted from this computer.')
  expect((await accounts.snapshot()).pods).toHaveLength(3)
  expect(actionsAt('Acme Research')).toEqual(actionsBefore)
  expect(readFileSync(join(scene.running.dataDir, 'config.json'), 'utf8')).not.toContain('Acme Labs')
})
