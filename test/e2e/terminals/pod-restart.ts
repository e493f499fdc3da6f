import { describe, expect, test } from 'vitest'
import { card } from '../../harness/app/start/scene'
import type { SharedTerminalApp } from '../../harness/app/start/terminal-app'

/* The real window and a real OpenSSH server, with a simulated pod that is stopped and started again. */

export function describePodRestart(app: SharedTerminalApp): void {
  describe('a restart of the pod', () => {
    test('a terminal whose pod was stopped says so, and reconnects when the pod runs again', async () => {
      const harness = await app.openTerminal('on its page')
      const { scene, page, terminal, type, text } = harness
      await type('echo before-$((1+1))\r')
      await expect.poll(text).toContain('before-2')
      scene.runpod.setPod('pod-1', { stoppingS: 0, provisioningS: 2, startingS: 1 })
      scene.runpod.act('pod-1', 'stop')
      const strip = page.getByText('The pod is stopped. This terminal reconnects when the pod runs again.')
      await strip.waitFor()
      expect((await terminal()).state).toMatchObject({ kind: 'ended', isPodStopped: true })
      scene.runpod.act('pod-1', 'start')
      await expect.poll(async () => (await terminal()).state.kind, { timeout: 60_000 }).toBe('open')
      await expect.poll(() => strip.count()).toBe(0)
      await type('echo after-$((1+1))\r')
      await expect.poll(text).toMatch(/before-2[^]*after-2/)
    })

    test('a hidden terminal whose pod runs again reconnects when its tab is shown', async () => {
      const harness = await app.openTerminal('on its page')
      const { scene, page, terminal } = harness
      scene.runpod.setPod('pod-1', { stoppingS: 0, provisioningS: 1, startingS: 0 })
      scene.runpod.act('pod-1', 'stop')
      await expect.poll(async () => (await terminal()).state.kind).toBe('ended')
      const pages = page.getByRole('navigation')
      await pages.getByRole('button', { name: 'Settings', exact: true }).click()
      await page.getByRole('heading', { name: 'Settings' }).first().waitFor()
      scene.runpod.act('pod-1', 'start')
      await expect
        .poll(async () => (await terminal()).state)
        .toMatchObject({ reason: 'The pod is running again.' })
      await pages.getByRole('button', { name: 'Terminals', exact: true }).click()
      await expect.poll(async () => (await terminal()).state.kind, { timeout: 60_000 }).toBe('open')
      await pages.getByRole('button', { name: 'Pods', exact: true }).click()
      await card(page, 'llama').waitFor()
    })
  })
}
