import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'
import type { Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import type { SshEndpoint } from '../../../src/core/pods/pod'
import type { SimulatedPodSpec } from '../../../src/simulator/world/pod-spec'
import { questionTitled, trustHostKey } from '../../harness/app/act/questions'
import { card, type Scene, screenshot } from '../../harness/app/start/scene'
import { freshMainWindow } from '../../harness/app/start/terminal-app'
import { waitUntil } from '../../harness/app/act/wait-until'

/* Pods that publish no SSH port are reached only through Runpod's proxy, whose host key applies to all of them. */

/** For `describeProxy`. */
export const proxyPods: readonly SimulatedPodSpec[] = [
  { id: 'd', name: 'delta', mode: 'training' },
  { id: 'e', name: 'epsilon', mode: 'training' },
]

export function describeProxy(sceneOf: () => Scene): void {
  describe("Runpod's proxy", () => {
    let scene: Scene
    let window: Page
    let proxy: SshEndpoint
    /** The fingerprint as printed by OpenSSH's tools. */
    let fingerprint: string

    beforeAll(async () => {
      scene = sceneOf()
      for (const { id = '' } of proxyPods) {
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
      window = await freshMainWindow(scene)
      await window.setViewportSize({ width: 1100, height: 800 })
      await waitUntil('the routes', () =>
        window.evaluate<boolean>(
          "window.app.snapshot().then(({ value }) => value.pods.filter(({ sshRoute }) => sshRoute === 'proxy').length === 2)",
        ),
      )
    })

    const dock = (): Locator => window.getByRole('region', { name: 'Terminals' })
    const rows = async (): Promise<string> =>
      (await window.locator('.xterm-rows > div').allTextContents()).join('\n').replaceAll('\u00A0', ' ')
    const hasFocus = (): Promise<boolean> =>
      window.evaluate("document.activeElement.classList.contains('xterm-helper-textarea')")
    const head = (): Locator => dock().locator('.link-words')

    test('the host key question says that only the API calls this server a proxy, and names host, user and key', async () => {
      await card(window, 'delta').getByRole('button', { name: 'Terminal on delta' }).click()
      await expect.poll(() => dock().textContent()).toContain('Is this delta?')
      const question = await questionTitled(scene.running, `Connect to delta through ${proxy.host}?`)
      const text = await question.textContent('main')
      expect(text).toContain(`${proxy.host} isn’t a Runpod proxy.`)
      expect(text).toMatch(new RegExp(`d-\\w+@${proxy.host}:${proxy.port} is new to Podkeeper`))
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
      await expect.poll(rows).toContain('delta')
      await expect
        .poll(() => head().textContent())
        .toMatch(/^via a proxy · 127\.0\.0\.1:\d+ · ed25519 verified/)
      expect(await head().textContent()).toContain(`:${proxy.port} `)
      expect(await head().getAttribute('title')).toContain(fingerprint)
      await expect.poll(hasFocus).toBe(true)
      await window.keyboard.type('echo by-proxy')
      await window.keyboard.press('Enter')
      await expect.poll(rows).toMatch(/\nby-proxy\n/)
    })

    test('the connection details are fully available without a pointer', async () => {
      await dock().getByRole('button', { name: 'Actions of delta' }).press('Enter')
      await window.getByRole('menuitem', { name: 'Connection' }).press('Enter')
      const dialog = window.getByRole('dialog', { name: 'Connection' })
      await expect.poll(() => dialog.textContent()).toContain(fingerprint)
      expect(await dialog.textContent()).toContain('Through Runpod’s proxy')
      await screenshot(window, 'terminal-connection')
      await window.keyboard.press('Escape')
      await expect.poll(() => dialog.count()).toBe(0)
    })

    test('another pod is reached through the same proxy without a prompt', async () => {
      await card(window, 'epsilon').getByRole('button', { name: 'Terminal on epsilon' }).click()
      await expect.poll(() => window.getByRole('tab').count()).toBe(2)
      await expect.poll(rows).toContain('epsilon')
      await expect.poll(() => head().textContent()).toContain('via a proxy')
      await expect.poll(hasFocus).toBe(true)
      await window.keyboard.type('exit 3')
      await window.keyboard.press('Enter')
      await expect.poll(() => dock().textContent()).toContain('code 3')
    })
  })
}
