import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { startOpenSshForTest, tempFolder } from '../harness/ssh/openssh-for-test'
import { generateKeyPair, minimalShell } from '../harness/ssh/openssh-server'
import { trustHostKey } from '../harness/app/act/questions'
import { card, openScene, type Scene, screenshot } from '../harness/app/start/scene'
import { podAt } from '../harness/app/start/ssh-pod'
import { waitUntil } from '../harness/app/act/wait-until'

/* A user's key with a passphrase: the prompt in its small window, and what the terminal shows meanwhile. */

const RIGHT = 'correct horse battery'

interface Here {
  readonly scene: Scene
  readonly page: Page
  readonly dock: Locator
}

/** The main window on its pods page, with a real server that accepts a key with a passphrase. */
async function open(): Promise<Here> {
  const home = tempFolder('home')
  mkdirSync(join(home, '.ssh'), { mode: 0o700 })
  const key = generateKeyPair(join(home, '.ssh/id_ed25519'), 'ed25519', RIGHT)
  const server = await startOpenSshForTest({ ...minimalShell, authorized: [key.publicLine] })
  const scene = await openScene({
    pods: [podAt(server)],
    launch: { env: { HOME: home, SSH_AUTH_SOCK: '' } },
  })
  onTestFinished(() => scene.close())
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  const page = await scene.running.mainWindow()
  await page.setViewportSize({ width: 1100, height: 800 })
  return { scene, page, dock: page.getByRole('region', { name: 'Terminals' }) }
}

const openTerminal = ({ page }: Here): Promise<void> =>
  card(page, 'llama').getByRole('button', { name: 'Terminal on llama' }).click()

/** Waits until the passphrase prompt is open. */
async function reachQuestion(here: Here): Promise<Page> {
  await openTerminal(here)
  await trustHostKey(here.scene.running)
  await expect.poll(() => here.dock.textContent()).toContain('Passphrase needed')
  const question = await here.scene.running.confirmWindow()
  await question.getByRole('heading', { name: 'Passphrase for ~/.ssh/id_ed25519' }).waitFor()
  return question
}

const rows = async ({ page }: Here): Promise<string> =>
  (await page.locator('.xterm-rows > div').allTextContents()).join('\n').replaceAll('\u00A0', ' ')
const questions = ({ scene }: Here): number =>
  scene.running.app.windows().filter((one) => one.url().endsWith('confirm.html')).length

/** Types into the focused element, as a user does. */
async function answer(question: Page, passphrase: string): Promise<void> {
  await waitUntil('the field to have the keyboard', () =>
    question.evaluate<boolean>(
      `document.activeElement?.type === 'password' && document.activeElement.value === ''`,
    ),
  )
  await question.keyboard.type(passphrase)
  // The window may close before the key is released.
  await question.keyboard.press('Enter').catch(() => {})
}

test('a wrong passphrase is rejected and asked for again, and the right one opens the shell and all later terminals', async () => {
  const here = await open()
  const first = await reachQuestion(here)
  expect(await first.getByRole('alert').count()).toBe(0)
  await screenshot(first, 'passphrase')
  await screenshot(here.page, 'terminal-passphrase')
  await answer(first, 'wrong')
  // In the same window, or in a new one if checking the passphrase took longer than the window stays open.
  const question = await waitUntil('the question again', async () => {
    const open = await here.scene.running.confirmWindow()
    const refusal = await open
      .getByRole('alert')
      .textContent({ timeout: 500 })
      .catch(() => null)
    return refusal === 'That isn’t the passphrase of this key.' && open
  })
  await screenshot(question, 'passphrase-again')
  await answer(question, RIGHT)
  await expect.poll(() => rows(here)).toMatch(/[$#]/)
  await expect.poll(() => questions(here)).toBe(0)
  await expect.poll(() => here.dock.textContent()).toContain('ed25519 verified')
  await openTerminal(here)
  await expect.poll(() => here.page.getByRole('tab').count()).toBe(2)
  await expect
    .poll(() => here.page.getByRole('tab').allTextContents())
    .toEqual([expect.stringContaining('llama, open'), expect.stringContaining('llama (2), open')])
  expect(questions(here)).toBe(0)
})

test('a missing passphrase is a clear rejection, and is asked for again only when the user retries', async () => {
  const here = await open()
  const question = await reachQuestion(here)
  // The window may close before the click has ended.
  await question
    .getByRole('button', { name: 'Cancel' })
    .click()
    .catch(() => {})
  await expect.poll(() => here.dock.textContent()).toContain('Not connected')
  expect(await here.dock.textContent()).toContain('No passphrase that opens ~/.ssh/id_ed25519 was entered.')
  await screenshot(here.page, 'terminal-passphrase-declined')
  await waitUntil('the question to be gone', () => questions(here) === 0)
  // Several polls later, each of which could have started another attempt.
  const looks = here.scene.runpod.requests.length
  await waitUntil('further looks', () => here.scene.runpod.requests.length > looks + 3)
  expect(questions(here)).toBe(0)
  expect(await here.dock.textContent()).toContain('Not connected')
  await here.dock.getByRole('button', { name: 'Try again' }).click()
  await answer(await here.scene.running.confirmWindow(), RIGHT)
  await expect.poll(() => rows(here)).toMatch(/[$#]/)
})

test('one answer applies to all terminals waiting for the same key: yes opens them all, no rejects them all', async () => {
  const here = await open()
  const states = async (): Promise<string> => (await here.page.getByRole('tab').allTextContents()).join(' | ')
  const question = await reachQuestion(here)
  await openTerminal(here)
  await expect.poll(states).toMatch(/llama, needs your answer.*llama \(2\), needs your answer/)
  await question.keyboard.press('Escape').catch(() => {})
  await expect.poll(states).toMatch(/llama, not connected.*llama \(2\), not connected/)
  await waitUntil('the question to be gone', () => questions(here) === 0)
  for (const name of [/^llama ?,/, /^llama \(2\) ?,/]) {
    await here.page.getByRole('tab', { name }).click()
    await here.dock.getByRole('button', { name: 'Try again' }).click()
  }
  await expect.poll(states).toMatch(/llama, needs your answer.*llama \(2\), needs your answer/)
  await answer(await here.scene.running.confirmWindow(), RIGHT)
  await expect.poll(states).toMatch(/llama, open.*llama \(2\), open/)
  await waitUntil('the question to be gone', () => questions(here) === 0)
})
