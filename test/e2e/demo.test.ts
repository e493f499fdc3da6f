import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { openScene, type Scene, screenshot } from '../harness/app/scene'

let scene: Scene
afterEach(() => scene?.close())

const button = (page: Page, name: string) =>
  page.getByRole('region', { name: /^Demo/ }).getByRole('button', { name, exact: true })

test('the demo can be controlled and leaves nothing behind', async () => {
  scene = await openScene({ settings: { pollActiveS: 1 } })
  await scene.page.evaluate("window.app.openWindow('pods')")
  const window = await scene.running.mainWindow()
  await window.getByRole('button', { name: 'Try the demo' }).click()
  await expect.poll(() => window.getByRole('article').count()).toBe(5)
  const body = () => window.textContent('body')
  await button(window, 'Make all idle').click()
  await expect.poll(() => window.locator('.pill', { hasText: 'Idle' }).count()).toBe(3)
  await screenshot(window, 'demo')
  await button(window, 'Break the network').click()
  await expect.poll(body).toMatch(/What you see is from/)
  await button(window, 'Mend it').click()
  await window.getByRole('button', { name: 'Refresh now' }).click()
  await expect.poll(body).toMatch(/live ·/)
  await button(window, 'Empty the balance').click()
  // Without money, pods without a network volume are deleted; the one that has one is stopped.
  await expect.poll(() => window.getByRole('article').count(), { timeout: 30_000 }).toBe(1)
  await expect.poll(body).toMatch(/is gone|terminated/)

  await window.getByRole('button', { name: 'More', exact: true }).click()
  await window.getByRole('menuitem', { name: 'Leave demo' }).click()
  await expect.poll(body).toContain('Connect your Runpod account')
  expect(await window.evaluate("window.app.runDemoCommand('make-idle')")).toMatchObject({
    ok: false,
    error: { message: 'There is no demo to steer.' },
  })
})
