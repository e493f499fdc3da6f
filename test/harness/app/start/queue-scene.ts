import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { generateKeyPair } from '../../ssh/openssh-server'
import { confirmWindows, trustHostKey } from '../act/questions'
import { card, openScene, type Scene } from './scene'
import type { createSkippableTime } from '../act/skip-time'
import { waitUntil } from '../act/wait-until'

/** Two idle pods that jobs can run on, whose host keys were accepted in a terminal each, and the page of the queue. */
export async function openQueueScene(
  time: ReturnType<typeof createSkippableTime>,
): Promise<{ readonly scene: Scene; readonly page: Page; readonly results: string }> {
  const session = process.env['PODKEEPER_SESSION'] ?? tmpdir()
  const home = await mkdtemp(join(session, 'home-'))
  const results = await mkdtemp(join(session, 'results-'))
  await mkdir(join(home, '.ssh'), { mode: 0o700 })
  generateKeyPair(join(home, '.ssh', 'id_ed25519'))
  const quiet = {
    mode: 'idle',
    // Its few cores can be told to rest from outside.
    gpu: { id: 'NVIDIA H100 80GB HBM3', count: 1, vcpuCount: 8 },
    persistent: { sizeGb: 20, path: '/workspace' },
    stoppingS: 1,
    stalePortsS: 0,
  } as const
  const scene = await openScene({
    now: time.nowMs,
    pods: [
      { id: 'a', name: 'alpha', ...quiet },
      { id: 'b', name: 'beta', ...quiet },
    ],
    ssh: 'any-key',
    settings: { idleAlertAfterMin: 5, pollActiveS: 20, pollIdleS: 20 },
    launch: { env: { HOME: home, SSH_AUTH_SOCK: '', TZ: 'UTC' } },
  })
  try {
    await time.install(scene.running.app)
    await scene.pasteKey()
    return { scene, page: await openQueuePage(scene), results }
  } catch (error) {
    await scene.close()
    throw error
  }
}

async function openQueuePage(scene: Scene): Promise<Page> {
  await scene.page.evaluate("window.app.openWindow('pods')")
  const page = await scene.running.mainWindow()
  await page.setViewportSize({ width: 1_180, height: 820 })
  for (const name of ['alpha', 'beta']) {
    await page.getByRole('navigation').getByRole('button', { name: 'Pods' }).press('Enter')
    await card(page, name)
      .getByRole('button', { name: `Terminal on ${name}` })
      .press('Enter')
    await trustHostKey(scene.running)
    await waitUntil('the question to be gone', () => confirmWindows(scene.running).length === 0)
    await waitUntil('a shell', async () =>
      (await page.locator('.xterm-rows').allTextContents()).some((text) => text.includes(name)),
    )
  }
  await page.getByRole('navigation').getByRole('button', { name: 'Queue' }).press('Enter')
  return page
}
