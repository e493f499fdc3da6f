import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MINUTE_MS } from '../../src/core/base/time/time'
import { generateKeyPair } from '../harness/ssh/openssh-server'
import { trustHostKey } from '../harness/app/act/questions'
import { accountIdOf, actionsSent, card, openScene, type Scene, screenshot } from '../harness/app/start/scene'
import { createSkippableTime } from '../harness/app/act/skip-time'
import { pause, waitUntil } from '../harness/app/act/wait-until'

/*
 * A pod with 104 cores at 1–2%, which is selected for automatic stops: from outside it cannot be told whether it rests.
 * Its stop is due after 8 s, but a look from inside takes its minute, which is skipped. The tests run in order.
 */
const time = createSkippableTime(0)
let scene: Scene
let page: Page

beforeAll(async () => {
  const home = await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'home-'))
  await mkdir(join(home, '.ssh'), { mode: 0o700 })
  generateKeyPair(join(home, '.ssh', 'id_ed25519'))
  scene = await openScene({
    pods: [
      {
        id: 'a',
        name: 'alpha',
        mode: 'idle',
        gpu: { id: 'NVIDIA H100 80GB HBM3', count: 1, vcpuCount: 104 },
        persistent: { sizeGb: 20, path: '/workspace' },
        stoppingS: 1,
        stalePortsS: 0,
      },
    ],
    ssh: 'any-key',
    now: time.nowMs,
    settings: {
      idleAlertAfterMin: 0.05,
      autoStopAfterMin: 0.14,
      autoStopFirstWarningMin: 0.09,
      autoStopLastWarningMin: 0.03,
      mayStopUnheard: true,
    },
    launch: { env: { HOME: home, SSH_AUTH_SOCK: '' } },
  })
  await time.install(scene.running.app)
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  page = await scene.running.mainWindow()
  await page.setViewportSize({ width: 1100, height: 800 })
  await page.evaluate(`window.app.setAutoStop('${await accountIdOf(page)}', 'all')`)
})
afterAll(() => scene?.close())

const panel = () => card(page, 'alpha').locator('.guard')
const button = () => card(page, 'alpha').getByRole('button', { name: 'Look inside alpha' })

test('a stop that cannot be decided from outside is held, and says what keeps a look from inside', async () => {
  await expect.poll(() => panel().textContent()).toContain('of 104 cores')
  await expect
    .poll(() => panel().textContent())
    .toContain("Couldn’t look inside: its host key isn't trusted yet.")
  expect(await button().textContent()).toBe('Look from inside')
  await screenshot(page, 'look-inside/held')
})

test('a look that a person requests fails with the reason while the host key is not trusted', async () => {
  await button().click()
  const reason = "Podkeeper couldn't look inside alpha: its host key isn't trusted yet."
  await page.getByRole('list', { name: 'Messages from this window' }).getByText(reason).waitFor()
  expect(actionsSent(scene)).toEqual([])
})

test('once its host key is trusted, the look finds the pod at rest, and the pod is stopped', async () => {
  await card(page, 'alpha').getByRole('button', { name: 'Terminal on alpha' }).click()
  await trustHostKey(scene.running)
  await waitUntil('a shell', async () => (await page.locator('.xterm-rows').textContent())?.includes('alpha'))
  const sent = (): number => actionsSent(scene).length
  const isOffered = async (): Promise<boolean> => (await button().count()) > 0
  // One begins by itself, too. Where the pod was slower than the skip, the minute was over before its first reading.
  for (let tries = 0; tries < 6 && sent() === 0; tries++) {
    if (await isOffered()) await button().click()
    await waitUntil(
      'a connection for the look',
      async () => sent() > 0 || scene.runpod.sshConnectionCount() > 0 || isOffered(),
    )
    if (tries === 0) {
      await expect.poll(() => panel().textContent()).toContain('Looking inside the pod')
      await screenshot(page, 'look-inside/looking')
    }
    // The pod's first reading; nothing outside tells when it was made.
    await pause(1_000 + 2_000 * tries)
    // No look has lasted its minute yet.
    if (tries === 0) expect(actionsSent(scene)).toEqual([])
    await time.skip(scene.running.app, MINUTE_MS)
    await waitUntil('the end of the look', async () => sent() > 0 || isOffered(), 120_000)
  }
  await expect.poll(() => actionsSent(scene)).toEqual(['stop a'])
})
