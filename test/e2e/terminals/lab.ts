import { expect, test } from 'vitest'
import { changeAccount } from '../../harness/app/start/account-scene'
import { accountIdNamed, addLabs, openPodsPage } from '../../harness/app/start/lab-scene'
import { answerQuestion, confirmWindows, trustHostKey } from '../../harness/app/act/questions'
import { waitUntil } from '../../harness/app/act/wait-until'
import { accountIdOf, card, type Scene, type SceneOptions, screenshot } from '../../harness/app/start/scene'
import { freshMainWindow } from '../../harness/app/start/terminal-app'
import { DARK_ENERGY } from '../../../src/simulator/hubify/default-labs'

const NAME = 'H100 bao123'

/** For `describeLab`. */
export const labWithPod: NonNullable<SceneOptions['hubify']> = {
  plan: 'pro',
  behavior: { hasPlannedRoutes: true },
  labs: [
    {
      ...DARK_ENERGY,
      pods: [
        {
          documentId: 'pod_bao123',
          pod: {
            id: 'rp-bao',
            name: 'desi-bao',
            mode: 'training',
            startedAgoMin: 60,
            gpu: { id: 'NVIDIA H100 80GB HBM3', count: 1, vcpuCount: 16, memory: 188 },
            costPerHourUsd: 2.69,
          },
          omit: ['sshHost', 'sshPort'],
        },
      ],
    },
  ],
}

export function describeLab(sceneOf: () => Scene): void {
  test('a terminal opens on the pod of a lab once its SSH route is used, and before that only the web app has one', async () => {
    const scene = sceneOf()
    await freshMainWindow(scene)
    const runpod = await accountIdOf(scene.page)
    await addLabs(scene, DARK_ENERGY.id)
    // Its pods are the same, and each is shown once.
    const removal = scene.page.evaluate(`window.app.removeAccount('${runpod}')`)
    await answerQuestion(scene.running, /^Remove the account /, 'Remove account')
    expect(await removal).toEqual({ ok: true, value: true })
    const window = await openPodsPage(scene)
    await window.setViewportSize({ width: 1100, height: 800 })
    const lab = card(window, NAME)
    const terminal = lab.getByRole('button', { name: `Terminal on ${NAME}` })
    await lab.getByText('SSH and terminate are in Hubify’s web app for now.').waitFor()
    expect(await lab.getByRole('button', { name: `Open in Hubify: ${NAME}` }).count()).toBe(1)
    expect(await terminal.count()).toBe(0)
    await screenshot(window, 'hubify/terminal-in-web-app')

    await changeAccount(scene.page, await accountIdNamed(scene, DARK_ENERGY.name), {
      usesAnnouncedRoutes: true,
    })
    await scene.page.evaluate('window.app.refresh()')
    await terminal.click({ timeout: 60_000 })
    expect(await lab.getByText('SSH and terminate').count()).toBe(0)
    await trustHostKey(scene.running)
    await waitUntil('the question to be gone', () => confirmWindows(scene.running).length === 0)
    const rows = async (): Promise<string> =>
      (await window.locator('.xterm-rows > div').allTextContents()).join('\n').replaceAll('\u00A0', ' ')
    await expect.poll(rows).toContain('desi-bao')
    await expect
      .poll(() => window.evaluate("document.activeElement.classList.contains('xterm-helper-textarea')"))
      .toBe(true)
    await window.keyboard.type('echo through-the-lab')
    await window.keyboard.press('Enter')
    await expect.poll(rows).toMatch(/\nthrough-the-lab\n/)
    await screenshot(window, 'hubify/terminal')

    // Its key is known from now on.
    await window.keyboard.type('exit')
    await window.keyboard.press('Enter')
    await terminal.click()
    await expect.poll(rows).toMatch(/^(?![^]*through-the-lab)[^]*desi-bao/)
    expect(confirmWindows(scene.running)).toEqual([])
    const requests = scene.runpod.requests.filter(({ path }) => path === '/api/v1/pods/pod_bao123/ssh')
    expect(requests).toHaveLength(1)
  })
}
