import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Settings } from '../../src/core/settings/settings'
import type { Snapshot } from '../../src/core/view/snapshot'
import { startKeyring } from '../harness/app/desktop/keyring'
import { accountIdOf, actionsSent, card, openScene, type Scene, screenshot } from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'
import {
  agreeToAccounts,
  answerQuestion,
  confirmByKeyboard,
  questionTitled,
} from '../harness/app/act/questions'

const ROTATED_KEY = 'rpa_simulated_rotated_key'
const KEY_OF_OTHER = 'rpa_simulated_key_of_other'
/** Of accounts that Runpod doesn't tell. */
const UNKNOWN_KEYS = ['rpa_simulated_first_unknown', 'rpa_simulated_second_unknown'] as const

/** A stop is due after 8 s of quiet, with warnings before it. */
const quickStops: Partial<Settings> = {
  idleAlertAfterMin: 0.05,
  autoStopAfterMin: 0.14,
  autoStopFirstWarningMin: 0.09,
  autoStopLastWarningMin: 0.03,
}

/*
 * Keys that replace the one of an account, in one app. The tests run in order: each ends with one account, whose key is
 * kept over restarts, and with automatic stops for all of its pods.
 */

let scene: Scene
let endKeyring: () => Promise<void>
beforeAll(async () => {
  endKeyring = await startKeyring()
  scene = await openScene({
    settings: quickStops,
    moreKeys: [ROTATED_KEY, KEY_OF_OTHER, ...UNKNOWN_KEYS],
    accountIds: { [KEY_OF_OTHER]: 'user_other' },
  })
  await scene.pasteKey()
  await waitUntil('the account', async () => (await snapshot()).connection.kind === 'live')
  await scene.page.evaluate(`window.app.setAutoStop('${await accountIdOf(scene.page)}', 'all')`)
})
afterAll(async () => {
  await scene?.close()
  await endKeyring?.()
})

const snapshot = async (): Promise<Snapshot> =>
  ((await scene.page.evaluate('window.app.snapshot()')) as { value: Snapshot }).value
/** Of the account that was added last. */
const autoStop = async (): Promise<string | undefined> => (await snapshot()).accounts.at(-1)?.guard.autoStop

/** Pastes another key in the settings, as a person does. */
async function pasteOtherKey(key: string): Promise<Page> {
  await scene.running.app.evaluate(({ clipboard }, text) => clipboard.writeText(text), key)
  await scene.page.evaluate("window.app.openWindowAt('settings', 'accounts')")
  const window = await scene.running.mainWindow()
  const section = window.getByRole('region', { name: 'Accounts' })
  await section.getByRole('button', { name: 'Paste key' }).click()
  const isWatched = expect.poll(() => section.textContent()).toContain('Watching ')
  await agreeToAccounts(scene.running, isWatched)
  return window
}

/** So that the next test has the first account only. */
async function removeSecondAccount(): Promise<void> {
  const { entry } = (await snapshot()).accounts[1]!
  const removed = scene.page.evaluate(`window.app.removeAccount('${entry.id}')`)
  await answerQuestion(scene.running, `Remove the account ${entry.name}?`, 'Remove account')
  await removed
  await expect.poll(async () => (await snapshot()).accounts).toHaveLength(1)
}

const question = (page: Page) => page.getByText('Is Runpod 2 the same Runpod account?')
const focusedName = (page: Page): Promise<string> =>
  page.evaluate('document.activeElement.textContent.trim()')

async function pressByKeyboard(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name }).waitFor()
  for (let step = 0; step < 40 && (await focusedName(page)) !== name; step++) await page.keyboard.press('Tab')
  expect(await focusedName(page)).toBe(name)
  await page.keyboard.press('Enter')
}

test('a rotated key of an account without pods keeps the rules without a question', async () => {
  await pasteOtherKey(ROTATED_KEY)
  expect(await autoStop()).toBe('all')
  expect((await snapshot()).accounts).toHaveLength(1)
  expect(await question(scene.page).count()).toBe(0)
  const config = readFileSync(join(scene.running.dataDir, 'config.json'), 'utf8')
  expect(config).toContain('"apiAccountId": "user_simulated"')
})

test('a key of another account adds an account that starts fresh, calls no pod gone, and leaves the earlier rules alone', async () => {
  await pasteOtherKey(KEY_OF_OTHER)
  await expect.poll(autoStop).toBe('undecided')
  expect((await snapshot()).accounts.map(({ guard }) => guard.autoStop)).toEqual(['all', 'undecided'])
  expect((await snapshot()).gonePods).toEqual([])
  expect(await question(scene.page).count()).toBe(0)
  expect(readFileSync(join(scene.running.dataDir, 'config.json'), 'utf8')).toContain('"autoStop": "all"')
  await removeSecondAccount()
})

test('the answer that it is another account starts fresh', async () => {
  scene.runpod.fault({ kind: 'forbidden', path: '/graphql' })
  await pasteOtherKey(UNKNOWN_KEYS[0])
  await pressByKeyboard(scene.page, 'Another account, start fresh')
  await answerQuestion(scene.running, 'Start without the earlier rules?', 'Start fresh')
  await expect.poll(() => question(scene.page).count()).toBe(0)
  expect(await autoStop()).toBe('undecided')
  await removeSecondAccount()
})

test('where Runpod does not say, the window asks, also after a restart, and stops nothing until it is answered', async () => {
  scene.runpod.clearFaults()
  scene.runpod.fault({ kind: 'gone', path: '/graphql' })
  const window = await pasteOtherKey(UNKNOWN_KEYS[1])
  await expect.poll(() => question(window).count()).toBe(1)
  await window
    .getByRole('link', { name: 'Pods' })
    .or(window.getByRole('button', { name: 'Pods' }))
    .first()
    .click()
  await expect.poll(() => question(window).count()).toBe(1)
  for (const colorScheme of ['light', 'dark'] as const)
    for (const [page, name] of [
      [window, 'main'],
      [scene.page, 'popover'],
    ] as const) {
      await page.emulateMedia({ colorScheme })
      await screenshot(page, `account-question-${name}-${colorScheme}`)
    }

  // Its rules apply for as long as its own key is watched.
  await scene.page.evaluate(
    `window.app.changeAccount('${await accountIdOf(scene.page)}', { isPaused: true })`,
  )
  // A pod that the earlier rules would stop.
  scene.runpod.addPod({
    id: 'idle',
    name: 'idle',
    mode: 'idle',
    gpu: { id: 'NVIDIA GeForce RTX 4090', count: 1, vcpuCount: 16 },
    persistent: { sizeGb: 20, path: '/workspace' },
    stoppingS: 1,
  })
  scene.running = await scene.running.relaunch()
  scene.page = await scene.running.popover()
  await expect.poll(() => card(scene.page, 'idle').count()).toBe(1)
  await expect.poll(() => question(scene.page).count()).toBe(1)
  // Much longer than a stop takes: the idle time on the card counts it.
  await waitUntil('the stop to be overdue', async () => {
    const activity = (await snapshot()).pods[0]?.activity
    return activity?.kind === 'idle' && activity.idleForMs > 12_000
  })
  expect(actionsSent(scene)).toEqual([])
  expect(await autoStop()).toBe('undecided')

  await pressByKeyboard(scene.page, 'Same account, keep rules')
  const asked = await questionTitled(scene.running, 'Keep the rules of the earlier key?')
  for (const colorScheme of ['light', 'dark'] as const) {
    await asked.emulateMedia({ colorScheme })
    await screenshot(asked, `account-question-confirm-${colorScheme}`)
  }
  expect(await autoStop()).toBe('undecided')
  await confirmByKeyboard(asked, 'Keep rules')
  await expect.poll(autoStop).toBe('all')
  await expect.poll(async () => (await snapshot()).accounts).toHaveLength(1)
  await expect.poll(() => question(scene.page).count()).toBe(0)
  await expect.poll(() => actionsSent(scene), { timeout: 60_000 }).toEqual(['stop idle'])
})
