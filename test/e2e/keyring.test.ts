import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { newKeyringFolder, startKeyring } from '../harness/app/keyring'
import { confirmByKeyboard, questionTitled } from '../harness/app/questions'
import { card, openScene, type Scene, screenshot } from '../harness/app/scene'

let scene: Scene
const none = (): Promise<void> => Promise.resolve()
let endRunning = none
afterEach(async () => {
  await scene?.close()
  await endKeyring()
})

async function endKeyring(): Promise<void> {
  const end = endRunning
  endRunning = none
  await end()
}

/** Starts the app with a key stored in the keyring of `folder`, and ends it. */
async function keepKeyIn(folder: string): Promise<void> {
  endRunning = await startKeyring({ folder })
  scene = await openScene({ pods: [{ id: 'a', name: 'llama', mode: 'training' }] })
  await scene.pasteKeyByHand()
  await expect.poll(() => card(scene.page, 'llama').count()).toBe(1)
  await scene.running.close()
  await endKeyring()
}

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

test('a locked keyring does not block the app, and is read again once it is unlocked', async () => {
  const folder = await newKeyringFolder()
  await keepKeyIn(folder)
  const kept = encryptedKey()
  expect(kept).toMatch(/^[\w+/]+=*$/)

  endRunning = await startKeyring({ folder, isLocked: true })
  const page = await startAgain()
  await expect.poll(() => page.textContent('body')).toContain('the system keyring is locked')
  await screenshot(page, 'keyring-locked')
  await page.getByRole('button', { name: 'Try the keyring again' }).click()
  await expect.poll(() => page.textContent('body')).toContain('the system keyring is locked')
  expect(encryptedKey()).toBe(kept)

  await endKeyring()
  endRunning = await startKeyring({ folder })
  await page.getByRole('button', { name: 'Try the keyring again' }).click()
  await expect.poll(() => card(page, 'llama').count()).toBe(1)
})

test('a reset keyring gives out nothing: encrypted data stays, and a new key can be pasted', async () => {
  await keepKeyIn(await newKeyringFolder())
  const kept = encryptedKey()
  endRunning = await startKeyring()
  const page = await startAgain()
  await expect.poll(() => page.textContent('body')).toContain('The system keyring refused it')
  expect(encryptedKey()).toBe(kept)
  await scene.pasteKeyByHand()
  await expect.poll(() => card(page, 'llama').count()).toBe(1)
  expect(encryptedKey()).not.toBe(kept)
})

test('a key without a keyring lasts for the session, which the app says, and can be verified and forgotten', async () => {
  scene = await openScene({ pods: [{ id: 'a', name: 'llama', mode: 'training' }] })
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
  expect(JSON.parse(config)).toMatchObject({ account: null, accounts: [] })
})
