import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeFaults, loadAxe } from '../harness/app/axe'
import { generateKeyPair } from '../harness/openssh-server'
import { confirmByKeyboard, questionTitled, trustHostKey } from '../harness/app/questions'
import { card, openScene, type Scene, screenshot } from '../harness/app/scene'

/* A pod from nothing to a prompt in the real app: by mouse, and by keyboard alone. */

let scene: Scene
let window: Page

beforeAll(async () => {
  const home = await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'home-'))
  await mkdir(join(home, '.ssh'), { mode: 0o700 })
  generateKeyPair(join(home, '.ssh', 'id_ed25519'))
  scene = await openScene({ ssh: 'any-key', launch: { env: { HOME: home, SSH_AUTH_SOCK: '' } } })
  scene.runpod.conditions({ stock: { '*': 'HIGH' } })
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  window = await scene.running.mainWindow()
  await window.setViewportSize({ width: 1180, height: 820 })
})
afterAll(() => scene?.close())

async function look(name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await window.emulateMedia({ colorScheme })
    await screenshot(window, `new-pod/${name}-${colorScheme}`)
    await loadAxe(window)
    expect(await axeFaults(window, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
    expect(await window.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  }
}

test('a pod is created by mouse', async () => {
  await window.getByRole('button', { name: 'New pod', exact: true }).click()
  await window.getByRole('row', { name: /H100 SXM/ }).waitFor()
  await look('empty')
  await window.getByRole('row', { name: /A100 SXM/ }).click()
  await window.getByRole('row', { name: /H100 SXM/ }).click()
  await look('chosen')
})
