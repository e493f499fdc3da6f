import { execFile, execFileSync } from 'node:child_process'
import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SshEndpoint } from '../../src/core/pods/pod'
import { generateKeyPair } from '../harness/ssh/openssh-server'
import { questionTitled, trustHostKey } from '../harness/app/act/questions'
import { card, openScene, type Scene, screenshot } from '../harness/app/start/scene'

/* Pods that publish no SSH port are reached only through Runpod's proxy, whose host key applies to all of them. */

let scene: Scene
let window: Page
let proxy: SshEndpoint
/** The fingerprint as printed by OpenSSH's tools. */
let fingerprint: string

beforeAll(async () => {
  const home = await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'home-'))
  await mkdir(join(home, '.ssh'), { mode: 0o700 })
  generateKeyPair(join(home, '.ssh', 'id_ed25519'))
  scene = await openScene({
    pods: [
      { id: 'a', name: 'alpha', mode: 'training' },
      { id: 'b', name: 'beta', mode: 'training' },
    ],
    ssh: 'any-key',
    launch: { env: { HOME: home, SSH_AUTH_SOCK: '' } },
  })
  for (const id of ['a', 'b']) {
    const published = scene.runpod.pod(id)['ssh'] as unknown as { proxy: SshEndpoint }
    proxy = published.proxy
    scene.runpod.setPod(id, { overrides: { ssh: { direct: null, proxy } } })
  }
  // Asynchronous, because the proxy runs in this process.
  const { stdout: keys } = await promisify(execFile)('ssh-keyscan', [
    '-T',
    '60',
    '-p',
    `${proxy.port}`,
    proxy.host,
  ])
  fingerprint = execFileSync('ssh-keygen', ['-lf', '-'], { input: keys, encoding: 'utf8' }).split(' ')[1]!
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  window = await scene.running.mainWindow()
  await window.setViewportSize({ width: 1100, height: 800 })
})
afterAll(() => scene?.close())

const dock = (): Locator => window.getByRole('region', { name: 'Terminals' })
const rows = async (): Promise<string> =>
  (await window.locator('.xterm-rows > div').allTextContents()).join('\n').replaceAll('\u00A0', ' ')
const hasFocus = (): Promise<boolean> =>
  window.evaluate("document.activeElement.classList.contains('xterm-helper-textarea')")
const head = (): Locator => dock().locator('.link-words')

test('the host key question says that only the API calls this server a proxy, and names host, user and key', async () => {
  await card(window, 'alpha').getByRole('button', { name: 'Terminal on alpha' }).click()
  await expect.poll(() => dock().textContent()).toContain('Is this alpha?')
  const question = await questionTitled(scene.running, `Connect to alpha through ${proxy.host}?`)
  const text = await question.textContent('main')
  expect(text).toContain(`${proxy.host} isn’t a Runpod proxy.`)
  expect(text).toMatch(new RegExp(`a-\\w+@${proxy.host}:${proxy.port} is new to Podkeeper`))
  expect(text).toContain(fingerprint)
  // The pod's statement about its own key doesn't help here.
  expect(text).not.toContain('ssh_host_')
  for (const colorScheme of ['light', 'dark'] as const) {
    await question.emulateMedia({ colorScheme })
    await screenshot(question, `questions/unknown-proxy-${colorScheme}`)
  }
  await screenshot(window, 'terminal-proxy-question')
})

test('a shell opens, and its header shows the route and the key', async () => {
  await trustHostKey(scene.running)
  await expect.poll(rows).toContain('alpha')
  await expect.poll(() => head().textContent()).toMatch(/^via a proxy · 127\.0\.0\.1:\d+ · ed25519 verified/)
  expect(await head().textContent()).toContain(`:${proxy.port} `)
  expect(await head().getAttribute('title')).toContain(fingerprint)
  await expect.poll(hasFocus).toBe(true)
  await window.keyboard.type('echo by-proxy')
  await window.keyboard.press('Enter')
  await expect.poll(rows).toMatch(/\nby-proxy\n/)
})

test('the connection details are fully available without a pointer', async () => {
  await dock().getByRole('button', { name: 'More for alpha' }).press('Enter')
  await window.getByRole('menuitem', { name: 'Connection' }).press('Enter')
  const dialog = window.getByRole('dialog', { name: 'Connection' })
  await expect.poll(() => dialog.textContent()).toContain(fingerprint)
  expect(await dialog.textContent()).toContain('Through Runpod’s proxy')
  await screenshot(window, 'terminal-connection')
  await window.keyboard.press('Escape')
  await expect.poll(() => dialog.count()).toBe(0)
})

test('another pod is reached through the same proxy without a prompt', async () => {
  await card(window, 'beta').getByRole('button', { name: 'Terminal on beta' }).click()
  await expect.poll(() => window.getByRole('tab').count()).toBe(2)
  await expect.poll(rows).toContain('beta')
  await expect.poll(() => head().textContent()).toContain('via a proxy')
  await expect.poll(hasFocus).toBe(true)
  await window.keyboard.type('exit 3')
  await window.keyboard.press('Enter')
  await expect.poll(() => dock().textContent()).toContain('code 3')
})
