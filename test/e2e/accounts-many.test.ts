import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../src/core/base/time/time'
import { accountColors } from '../../src/core/settings/account-record'
import type { Snapshot } from '../../src/core/view/snapshot'
import { axeFaults, loadAxe } from '../harness/app/look/axe'
import { launch, type RunningApp } from '../harness/app/start/launch'
import { screenshot } from '../harness/app/start/scene'
import { prepareForStates, showState } from '../harness/app/states/show-state'
import { statePods } from '../harness/app/states/state-pods'
import { accountEntry, gonePod, NOW_MS, snapshotOfAccounts } from '../harness/samples/pod-views'

/* As many accounts as there can be, with names as long as they can be, in both windows at every width. */

const COUNT = 20
const NAMES = ['Personal', 'Acme Research', 'W'.repeat(40), 'A lab with words, whose name is this long']
const nameOf = (index: number): string =>
  (index < NAMES.length ? NAMES[index]! : `Customer ${index}`).slice(0, 40)
const troubles: readonly Partial<Snapshot>[] = [
  {},
  { connection: { kind: 'key-refused', firstAtMs: NOW_MS - HOUR_MS, againAtMs: NOW_MS } },
  { connection: { kind: 'offline', sinceMs: NOW_MS, nextTryAtMs: NOW_MS + MINUTE_MS, failure: 'no answer' } },
  {
    account: null,
    listedAtMs: null,
    connection: {
      kind: 'no-account',
      keptKey: { ending: '71be', reason: 'The system keyring is locked.', canTryAgain: true },
    },
  },
]

const snapshot = snapshotOfAccounts(
  Array.from({ length: COUNT }, (_, index) => {
    const id = `account-${index}`
    const entry = accountEntry({
      id,
      name: nameOf(index),
      color: accountColors[index % accountColors.length]!,
      isPaused: index === 5,
    })
    const pods = [statePods.busy, statePods.idleLong, statePods.longName].map((pod) => ({
      ...pod,
      accountId: id,
    }))
    return {
      entry,
      pods: index < 4 ? pods : [],
      balance: { kind: 'known', usd: 164.2 + index, spendPerHourUsd: null, atMs: NOW_MS },
      runwayMs: (9 + index) * HOUR_MS,
      gonePods:
        index === 0
          ? [gonePod({ id: 'gone', name: 'sdxl', goneAtMs: NOW_MS - HOUR_MS, how: 'vanished' }, id)]
          : [],
      ...troubles[index],
    } as const
  }),
  {
    notices: [
      { id: 'n', atMs: NOW_MS, accountId: 'account-2', podId: null, text: 'The journal was damaged.' },
    ],
  },
)

let running: RunningApp
const pages: { popover?: Page; main?: Page } = {}
beforeAll(async () => {
  running = await launch({ env: { TZ: 'UTC' } })
  const popover = await running.popover()
  await popover.evaluate("window.app.openWindow('pods')")
  Object.assign(pages, { popover, main: await running.mainWindow() })
  for (const page of Object.values(pages)) {
    await prepareForStates(running.app, page)
    await loadAxe(page)
  }
})
afterAll(() => running?.close())

const overflowX = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')

/** Returns once keys go to the menu. */
async function openMenu(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Account:/ }).press('Enter')
  await page.locator('.account-menu [role=menuitemradio]:focus').waitFor()
}

test.each([
  ['main', [360, 700, 900, 1_400]],
  ['popover', [360, 400]],
] as const)('twenty accounts fit into the %s window at every width, in both themes', async (name, widths) => {
  const page = pages[name]!
  await page.setViewportSize({ width: widths[0], height: 800 })
  await showState(running.app, page, { name: 'accounts', window: name, snapshot })
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 })
    await expect.poll(() => overflowX(page), { message: `at ${width} px` }).toBe(0)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await screenshot(page, `accounts/many-${name}-${width}-${colorScheme}`)
      expect(await axeFaults(page, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
    }
    await openMenu(page)
    const items = page.getByRole('menuitemradio')
    await expect.poll(() => items.count()).toBe(COUNT + 1)
    await screenshot(page, `accounts/many-menu-${name}-${width}`)
    expect([width, await overflowX(page)]).toEqual([width, 0])
    await page.keyboard.press('End')
    const manage = page.getByRole('menuitem', { name: 'Manage accounts' })
    await expect.poll(() => manage.evaluate((one) => one.matches(':focus'))).toBe(true)
    const box = await manage.boundingBox()
    expect((box?.y ?? 9_999) + (box?.height ?? 0)).toBeLessThanOrEqual(800)
    await page.keyboard.press('9')
    await expect
      .poll(() => page.getByRole('button', { name: /^Account:/ }).textContent())
      .toContain('Customer 8')
    await openMenu(page)
    await page.keyboard.press('0')
  }
})

test('what is shown of an account without a usable key, a paused one and a gone pod names the account', async () => {
  const page = pages.main!
  await page.setViewportSize({ width: 1_180, height: 800 })
  const body = (): Promise<string | null> => page.textContent('body')
  expect(await body()).toContain('sdxl (Personal) is gone')
  expect(await body()).toContain(`${nameOf(2)}: The journal was damaged.`)
  expect(await body()).toContain(`${nameOf(3)}: The key ending in 71be can’t be used.`)
  await openMenu(page)
  await page.keyboard.press('6')
  await expect.poll(body).toContain('This account is paused')
  await screenshot(page, 'accounts/paused')
  await openMenu(page)
  await page.keyboard.press('4')
  await expect.poll(() => page.getByRole('article').count()).toBe(3)
})
