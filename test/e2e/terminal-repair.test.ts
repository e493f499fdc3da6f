import { existsSync } from 'node:fs'
import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { generateKeyPair } from '../harness/ssh/openssh-server'
import { confirmByKeyboard, questionTitled, trustHostKey } from '../harness/app/act/questions'
import { card, openScene, type Scene, screenshot } from '../harness/app/start/scene'

let scene: Scene
afterEach(() => scene?.close())

test('a user without a key is told so and gets one registered, and a restart gives it to the pod', async () => {
  const home = await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'home-'))
  scene = await openScene({
    pods: [{ id: 'a', name: 'alpha', mode: 'training' }],
    ssh: 'registered-keys',
    settings: { undoS: 1 },
    launch: { env: { HOME: home, SSH_AUTH_SOCK: '' } },
  })
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  const window = await scene.running.mainWindow()
  const dock = window.getByRole('region', { name: 'Terminals' })
  await card(window, 'alpha').getByRole('button', { name: 'Terminal on alpha' }).click()
  await expect.poll(() => dock.textContent()).toContain('No SSH key on this computer')
  await dock.getByRole('button', { name: 'Create and register key' }).click()
  const question = await questionTitled(scene.running, 'Register this SSH key in your Runpod account?')
  expect(await question.textContent('main')).toMatch(/~\/\.ssh\/podkeeper_ed25519ed25519 SHA256:/)
  for (const colorScheme of ['light', 'dark'] as const) {
    await question.emulateMedia({ colorScheme })
    await screenshot(question, `questions/register-key-${colorScheme}`)
  }
  await confirmByKeyboard(question, 'Register key')
  // It is working, or nothing is known of it yet.
  const restart = await questionTitled(scene.running, 'Restart alpha now?')
  expect(await restart.textContent('main')).toMatch(/working.*A restart ends all its processes\./)
  await screenshot(restart, 'questions/restart-for-key')
  expect(existsSync(join(home, '.ssh', 'podkeeper_ed25519'))).toBe(true)
  expect(scene.runpod.requests.some(({ action }) => action === 'restart')).toBe(false)
  await confirmByKeyboard(restart, 'Restart pod', 'Not now')
  await expect
    .poll(() => dock.textContent())
    .toContain('Key registered. The pod restarts to get it, and this terminal then reconnects.')
  await expect.poll(() => dock.locator('.local-keys .pill').allTextContents()).toEqual(['registered'])
  await screenshot(window, 'terminal-repair')
  await expect.poll(() => scene.runpod.requests.some(({ action }) => action === 'restart')).toBe(true)
  // It reconnects by itself, with the key that the pod has by now.
  await trustHostKey(scene.running)
  await expect.poll(() => dock.locator('.term-panel').count()).toBe(0)
})

test("the test runtime uses none of the person's keys, and stores none in the keyring", async ({ skip }) => {
  const home = await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'home-'))
  await mkdir(join(home, '.ssh'), { mode: 0o700 })
  generateKeyPair(join(home, '.ssh', 'id_ed25519'))
  scene = await openScene({
    pods: [{ id: 'a', name: 'alpha', mode: 'training' }],
    ssh: 'any-key',
    launch: { env: { HOME: home, PODKEEPER_TEST_HOME: '' } },
  })
  const version = await scene.running.app.evaluate(() => process.versions['electron'] ?? '')
  if (Number.parseInt(version, 10) >= 43) skip('A supported Electron uses them.')
  await scene.pasteKey()
  const keyStorage = 'window.app.snapshot().then(({ value }) => value.account.keyStorage)'
  expect(await scene.page.evaluate(keyStorage)).toBe('session-only')
  await scene.page.evaluate("window.app.openWindow('pods')")
  const window = await scene.running.mainWindow()
  await card(window, 'alpha').getByRole('button', { name: 'Terminal on alpha' }).click()
  const dock = window.getByRole('region', { name: 'Terminals' })
  await expect.poll(() => dock.textContent()).toContain('No SSH key on this computer')
})
