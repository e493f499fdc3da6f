import { expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { HOUR_MS, MINUTE_MS } from '../../src/core/base/time/time'
import { accountColors } from '../../src/core/settings/account-record'
import type { Snapshot } from '../../src/core/view/snapshot'
import { type TestWindow, openWindow } from '../harness/browser/open-window'
import { openScene } from '../harness/browser/scene'
import { statePods } from '../harness/app/states/state-pods'
import { accountEntry, gonePod, NOW_MS, snapshotOfAccounts } from '../harness/samples/pod-views'

/* As many accounts as there can be, with names as long as they can be, in both windows at every width. */

const COUNT = 20
const NAMES = ['Personal', 'Acme Research', 'W'.repeat(40), 'A lab with words, whose name is this long']
const nameOf = (index: number): string =>
  (index < NAMES.length ? NAMES[index]! : `Customer ${index}`).slice(0, 40)
const troubles: readonly Partial<Snapshot>[] = [
  {},
  {
    connection: { kind: 'key-refused', firstAtMs: NOW_MS - HOUR_MS, againAtMs: NOW_MS, nextTryAtMs: NOW_MS },
  },
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

async function openStates(kind: 'main' | 'popover'): Promise<TestWindow> {
  const scene = await openScene({ isConnected: false, startsAtMs: NOW_MS })
  const window = await openWindow(scene, kind, { height: 800 })
  scene.bridge.showSnapshot(snapshot)
  await expect.element(window.getByRole('article').first()).toBeVisible()
  return window
}

/** Returns once keys go to the menu. */
async function openMenu(window: TestWindow): Promise<void> {
  window.focusOn(window.getByRole('button', { name: /^Account:/ }))
  await userEvent.keyboard('{Enter}')
  await expect
    .poll(() => window.document.activeElement?.closest('.account-menu [role=menuitemradio]') ?? null)
    .not.toBeNull()
}

/** Colors are the same at every width. */
async function expectDarkContrast(window: TestWindow): Promise<void> {
  await window.setColorScheme('dark')
  expect(await window.axeFaults('contrast')).toEqual([])
  await window.setColorScheme('light')
}

test.each([
  ['main', [360, 700, 900, 1_400]],
  ['popover', [360, 400]],
] as const)('twenty accounts fit into the %s window at every width, in both themes', async (kind, widths) => {
  const window = await openStates(kind)
  for (const width of widths) {
    window.resize(width, 800)
    await window.nextFrame()
    expect([width, window.overflow().page]).toEqual([width, 0])
    const [isNarrowest, isWidest] = [width === widths[0], width === widths.at(-1)]
    if (isNarrowest || isWidest) expect([width, await window.axeFaults('all')]).toEqual([width, []])
    if (isWidest) await expectDarkContrast(window)
    await openMenu(window)
    await expect.poll(() => window.document.querySelectorAll('[role=menuitemradio]').length).toBe(COUNT + 1)
    expect([width, window.overflow().page]).toEqual([width, 0])
    if (isWidest) {
      expect(await window.axeFaults('all')).toEqual([])
      await expectDarkContrast(window)
    }
    await userEvent.keyboard('{End}')
    await expect.poll(() => window.document.activeElement?.textContent).toBe('Manage accounts')
    const bottom = window.document.activeElement?.getBoundingClientRect().bottom ?? 9_999
    expect(bottom).toBeLessThanOrEqual(800)
    await userEvent.keyboard('9')
    await expect.element(window.getByRole('button', { name: /^Account:/ })).toHaveTextContent('Customer 8')
    await openMenu(window)
    await userEvent.keyboard('0')
    await expect.element(window.getByRole('button', { name: /^Account:/ })).toHaveTextContent('All accounts')
  }
})

test('what is shown of an account without a usable key, a paused one and a gone pod names the account', async () => {
  const window = await openStates('main')
  // Of messages that are folded, too.
  const body = () => window.document.body.textContent
  await expect.poll(body).toContain('sdxl (Personal) is gone')
  expect(body()).toContain(`${nameOf(2)}: The journal was damaged.`)
  expect(body()).toContain(`${nameOf(3)}: The key ending in 71be can’t be used.`)
  await openMenu(window)
  await userEvent.keyboard('6')
  await expect.poll(body).toContain('This account is paused')
  await openMenu(window)
  await userEvent.keyboard('4')
  await expect.poll(() => window.document.querySelectorAll('[role=article], article').length).toBe(3)
})
