import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { newKeyringFolder, startKeyring } from '../harness/app/desktop/keyring'
import { confirmByKeyboard, questionTitled } from '../harness/app/act/questions'
import {
  actionsSent,
  card,
  openCard,
  openScene,
  podKeyIn,
  type Scene,
  screenshot,
  VOLUME,
} from '../harness/app/start/scene'
import { openSilentRelay, type SilentRelay } from '../harness/app/faults/silent-relay'
import { TrayItem } from '../harness/app/desktop/tray'
import type { SimulatedPodSpec } from '../../src/simulator/world/pod-spec'

let scene: Scene
const none = (): Promise<void> => Promise.resolve()
let endRunning = none

async function endKeyring(): Promise<void> {
  const end = endRunning
  endRunning = none
  await end()
}

const llama: SimulatedPodSpec = { id: 'a', name: 'llama', mode: 'training', ...VOLUME }

/**
 * From now on the app's requests have no time limit, and it is connecting for as long as nothing answers. One that is
 * under way keeps its own, and is sent again after it.
 */
const endTimeLimits = (): Promise<void> =>
  scene.running.app.evaluate(() => {
    const later = globalThis.setTimeout
    globalThis.setTimeout = ((run: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]) => {
      const isTimeLimit = delayMs > 5_000 && delayMs <= 10_000
      return later(run, isTimeLimit ? 2 ** 31 - 1 : delayMs, ...args)
    }) as typeof setTimeout
  })

async function startAgain(): Promise<Page> {
  scene.running = await scene.running.relaunch()
  scene.page = await scene.running.popover()
  return scene.page
}

const encryptedKey = () =>
  (
    JSON.parse(readFileSync(join(scene.running.dataDir, 'config.json'), 'utf8')) as {
      accounts: { encryptedKey: string | null }[]
    }
  ).accounts[0]!.encryptedKey

/** The app ends and starts again over one data folder, and finds its keyring changed. The tests run in order. */
describe('of a stored key', () => {
  let folder: string
  let relay: SilentRelay
  beforeAll(async () => {
    folder = await newKeyringFolder()
    endRunning = await startKeyring({ folder })
    scene = await openScene({
      pods: [llama, { id: 'b', name: 'mistral', mode: 'stopped' }],
      wire: async (url) => (relay = await openSilentRelay(url)).url,
    })
    await scene.pasteKeyByHand()
    await card(scene.page, 'llama').waitFor()
    await scene.running.close()
    await endKeyring()
  })
  afterAll(async () => {
    await scene?.close()
    await endKeyring()
  })

  test('a locked keyring does not block the app, and is read again once it is unlocked', async () => {
    const kept = encryptedKey()
    expect(kept).toMatch(/^[\w+/]+=*$/)

    endRunning = await startKeyring({ folder, isLocked: true })
    const page = await startAgain()
    await expect.poll(() => page.textContent('body')).toContain('the system keyring is locked')
    await screenshot(page, 'keyring-locked')
    await page.getByRole('button', { name: 'Try the keyring again' }).click()
    // Main hears of the click first. While it asks the keyring, another click does nothing.
    const connection = 'window.app.snapshot().then(({ value }) => value.accounts[0].connection)'
    await expect.poll(() => page.evaluate(connection)).toMatchObject({ keptKey: { canTryAgain: true } })
    await expect.poll(() => page.textContent('body')).toContain('the system keyring is locked')
    expect(encryptedKey()).toBe(kept)

    await endKeyring()
    endRunning = await startKeyring({ folder })
    await page.getByRole('button', { name: 'Try the keyring again' }).click()
    await expect.poll(() => card(page, 'llama').count()).toBe(1)
    await scene.running.close()
    await endKeyring()
  })

  test('a restart shows the pods of the last run, dated and untouchable, until the first list', async () => {
    const file = join(scene.running.dataDir, 'last-snapshots.json')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const { accounts } = JSON.parse(readFileSync(file, 'utf8')) as { accounts: { listedAtMs: number }[] }
    endRunning = await startKeyring({ folder })
    relay.silence()

    const page = await startAgain()
    await endTimeLimits()
    const pods = page.locator('.pop-row, .card')
    await expect.poll(() => pods.count()).toBe(2)
    expect(await page.locator('.stale').count()).toBe(2)
    await expect.poll(() => page.locator('.connection').textContent()).toMatch(/^as of \d/)
    // The main window says the same.
    await page.evaluate("window.app.openWindow('pods')")
    const window = await scene.running.mainWindow()
    await expect.poll(() => window.locator('.card.stale').count()).toBe(2)
    await expect.poll(() => window.locator('.connection').textContent()).toMatch(/^as of \d.*connecting…$/)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await window.emulateMedia({ colorScheme })
      await screenshot(page, `last-run/popover-${colorScheme}`)
      await screenshot(window, `last-run/window-${colorScheme}`)
    }
    // The tray counts what was observed, and the page of a pod waits for that.
    const tray = await TrayItem.of(scene.running)
    expect(await tray.tooltip()).not.toContain('running')
    const power = /^(Stop|Start|Restart|Keep|Terminate|Terminal on)/
    for (const shown of [page, window])
      expect(await shown.getByRole('button', { name: power }).count()).toBe(0)
    const podKey = await podKeyIn(page, 'a')
    await window.evaluate(`window.app.openWindowAt('pod', '${podKey}')`)
    await expect.poll(() => window.textContent('body')).toContain('Waiting for the list of pods')
    // Nor can a page that ignores all that do anything with them.
    for (const request of [
      `act('${podKey}', 'stop')`,
      `keepOn('${podKey}', '1-hour')`,
      `openTerminal('${podKey}')`,
      `changePodRules('${podKey}', { maxHours: 1 })`,
    ])
      expect(await page.evaluate(`window.app.${request}`)).toMatchObject({ ok: false })
    expect(actionsSent(scene)).toEqual([])

    relay.speak()
    await expect.poll(() => page.locator('.stale').count()).toBe(0)
    await expect.poll(() => tray.tooltip()).toContain('1 running')
    await openCard(page, 'llama')
    await expect.poll(() => card(page, 'llama').getByRole('button', { name: /^Stop/ }).count()).toBe(1)
    expect(actionsSent(scene)).toEqual([])
    tray.disconnect()
    await scene.running.close()
    const later = JSON.parse(readFileSync(file, 'utf8')) as { accounts: { listedAtMs: number }[] }
    expect(later.accounts[0]!.listedAtMs).toBeGreaterThan(accounts[0]!.listedAtMs)
    await endKeyring()
  })

  test('a reset keyring gives out nothing: encrypted data stays, and a new key can be pasted', async () => {
    const kept = encryptedKey()
    endRunning = await startKeyring()
    const page = await startAgain()
    await expect.poll(() => page.textContent('body')).toContain('The system keyring refused it')
    expect(encryptedKey()).toBe(kept)
    await scene.pasteKeyByHand()
    await expect.poll(() => card(page, 'llama').count()).toBe(1)
    expect(encryptedKey()).not.toBe(kept)
  })
})

test('a key without a keyring lasts for the session, which the app says, and can be verified and forgotten', async () => {
  scene = await openScene({ pods: [{ id: 'a', name: 'llama', mode: 'training' }] })
  onTestFinished(() => scene.close())
  await scene.pasteKeyByHand()
  await expect.poll(() => scene.page.textContent('body')).toContain('this system offers no keyring')
  expect(encryptedKey()).toBeNull()
  await scene.page.evaluate("window.app.openWindowAt('settings', 'accounts')")
  const window = await scene.running.mainWindow()
  const section = window.getByRole('region', { name: 'Accounts' })
  await expect.poll(() => section.textContent()).toContain('kept only until Podkeeper quits')
  await section.getByRole('button', { name: 'Test key of Runpod' }).click()
  await expect.poll(() => section.textContent()).toContain('Watching 1 pod. Balance $164.20.')
  await section.scrollIntoViewIfNeeded()
  await screenshot(window, 'settings-key')
  await section.getByRole('button', { name: 'Remove Runpod…' }).click()
  const question = await questionTitled(scene.running, 'Remove the account Runpod?')
  for (const colorScheme of ['light', 'dark'] as const) {
    await question.emulateMedia({ colorScheme })
    await screenshot(question, `questions/remove-account-${colorScheme}`)
  }
  await confirmByKeyboard(question, 'Remove account')
  await expect
    .poll(() => section.textContent())
    .toContain('Runpod removed, and its key deleted from this computer.')
  const config = readFileSync(join(scene.running.dataDir, 'config.json'), 'utf8')
  expect(JSON.parse(config)).toMatchObject({ accounts: [] })
})
