import { afterEach, expect, test } from 'vitest'
import type { Scene } from './harness/scene'
import { openScene } from './harness/scene'

let scene: Scene
afterEach(() => scene?.close())

test('the main window opens beside the popover, shows the same pods, and comes back after closing', async () => {
  scene = await openScene({ pods: [{ id: 'a', name: 'llama', mode: 'training' }] })
  await scene.pasteKey()
  await expect.poll(() => scene.page.getByRole('article').count()).toBe(1)
  await scene.page.evaluate("window.app.openWindow('pods')")
  const window = await scene.running.mainWindow()
  await expect.poll(() => window.getByRole('article').count()).toBe(1)
  await expect.poll(() => scene.page.getByRole('article').count()).toBe(1)

  const isVisible = (): Promise<boolean> =>
    scene.running.app
      .browserWindow(window)
      .then((handle) => handle.evaluate((one) => (one as Electron.BrowserWindow).isVisible()))
  await expect.poll(isVisible).toBe(true)
  const handle = await scene.running.app.browserWindow(window)
  await handle.evaluate((one) => (one as Electron.BrowserWindow).close())
  await expect.poll(isVisible).toBe(false)
  await scene.page.evaluate("window.app.openWindow('pods')")
  await expect.poll(isVisible).toBe(true)
})
