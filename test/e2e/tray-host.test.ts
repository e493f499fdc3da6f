import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DesktopSession, openDesktopSession } from '../../scripts/lib/desktop-session.mjs'
import { card, openScene, type Scene } from '../harness/app/start/scene'
import { TrayItem } from '../harness/app/desktop/tray'
import { waitUntil } from '../harness/app/act/wait-until'

// Uses its own desktop, so that a panel that starts and stops doesn't affect other tests.
let desktop: DesktopSession
/** The tests share one app and depend on each other's order. */
let scene: Scene
beforeAll(async () => {
  desktop = await openDesktopSession({ hasPanel: false })
  scene = await openScene({ pods: [{ id: 'a', name: 'a', mode: 'training' }], launch: { env: desktop.env } })
  await scene.pasteKey()
  await waitUntil('the pod', async () => (await card(scene.page, 'a').count()) === 1)
})
afterAll(async () => {
  await scene?.close()
  await desktop?.close()
})

const trayItem = () => TrayItem.of(scene.running, desktop.env['DBUS_SESSION_BUS_ADDRESS'])
const closeWindow = () =>
  scene.running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
const windowState = () =>
  scene.running.app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    return window?.isMinimized() ? 'minimised' : window?.isVisible() ? 'shown' : 'hidden'
  })

test('closing a window without a tray minimizes it; a later tray shows the icon, and closing hides again', async () => {
  await closeWindow()
  await expect.poll(windowState).toBe('minimised')
  await scene.running.app.evaluate(({ app }) => app.emit('second-instance', {}, []))
  await expect.poll(windowState).toBe('shown')

  await desktop.startPanel()
  const tray = await trayItem()
  await expect.poll(() => tray.tooltip()).toBe('1 running · $0.69/hr')
  await closeWindow()
  await expect.poll(windowState).toBe('hidden')
  await tray.activate()
  await expect.poll(windowState).toBe('shown')
  tray.disconnect()
})

test('a panel that restarts shows the current icon again', async () => {
  const first = await trayItem()
  await expect.poll(() => first.tooltip()).toBe('1 running · $0.69/hr')
  first.disconnect()
  await desktop.stopPanel()
  await expect
    .poll(async () => {
      await closeWindow()
      return windowState()
    })
    .toBe('minimised')
  scene.runpod.act('a', 'stop')

  await desktop.startPanel()
  // The one found may still be that of the panel that ended.
  const second = await waitUntil('the icon with the current state', async () => {
    const item = await trayItem()
    const tooltip = await item.tooltip().catch(() => '')
    if (tooltip.startsWith('0 running')) return item
    item.disconnect()
    return undefined
  })
  await second.choose('Open Podkeeper')
  await expect.poll(windowState).toBe('shown')
  second.disconnect()
})
