import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFleet } from '../../src/simulator/create-fleet'
import { card, openScene, podKeyIn, type Scene, toasts, VOLUME } from '../harness/app/start/scene'

/* What holds on every page of the main window: the scroll position, the focus, and the selection. */

let scene: Scene
let window: Page

beforeAll(async () => {
  const quick = { id: 'quick', name: 'quick', mode: 'training' as const, costPerHourUsd: 99, ...VOLUME }
  scene = await openScene({ pods: [quick, ...createFleet(11, 7)], settings: { undoS: 5 } })
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  window = await scene.running.mainWindow()
  await window.setViewportSize({ width: 1_180, height: 820 })
  await card(window, 'quick').waitFor()
})
afterAll(() => scene?.close())

const open = (name: string) =>
  window
    .getByRole('navigation', { name: 'Pages' })
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .click()
const scrollTop = () => window.evaluate<number>('Math.round(document.querySelector("main").scrollTop)')
const scrollTo = (y: number) => window.evaluate(`document.querySelector("main").scrollTo(0, ${y})`)

test('each page keeps its scroll position, and one that was not shown begins at its top', async () => {
  await open('Settings')
  await window.getByRole('button', { name: 'Alerts', exact: true }).click()
  await expect.poll(scrollTop).toBe(0)
  await scrollTo(500)
  await open('Pods')
  await expect.poll(scrollTop).toBe(0)
  await scrollTo(250)
  await open('Activity')
  await expect.poll(scrollTop).toBe(0)
  await open('Settings')
  await expect.poll(scrollTop).toBe(500)
  await open('Pods')
  await expect.poll(scrollTop).toBe(250)
})

test('a requested pod is scrolled to, wherever its page was left', async () => {
  await open('Settings')
  const handle = await scene.running.app.browserWindow(window)
  const id = await podKeyIn(window, 'quick')
  await handle.evaluate(
    (one, about) =>
      (one as Electron.BrowserWindow).webContents.send('podkeeper:event:showPage', { page: 'pods', about }),
    id,
  )
  await expect.poll(() => window.evaluate('document.activeElement.id')).toBe(`pod-${id}`)
  const box = await card(window, 'quick').boundingBox()
  expect(box?.y).toBeGreaterThanOrEqual(48)
  expect(box?.y).toBeLessThan(820)
})

test('Ctrl+A selects within a field only', async () => {
  await open('Pods')
  await window.evaluate('document.querySelector("main").focus()')
  await window.keyboard.press('Control+a')
  expect(await window.evaluate('String(getSelection())')).toBe('')
  await open('Pods')
  await window.keyboard.press('/')
  await window.keyboard.type('quick')
  await window.keyboard.press('Control+a')
  await window.keyboard.type('q')
  expect(await window.getByRole('searchbox').inputValue()).toBe('q')
  await window.keyboard.press('Escape')
})

test('the focus goes back to the pod when the time to undo is over', async () => {
  const undo = toasts(window).getByRole('button', { name: /^Undo/ })
  // It is there for a few seconds only.
  const stop = card(window, 'quick').getByRole('button', { name: 'Stop quick' })
  await Promise.all([undo.focus(), stop.click()])
  await undo.waitFor({ state: 'detached' })
  await expect.poll(() => window.evaluate('document.activeElement?.textContent')).toContain('quick')
  expect(await window.evaluate('document.activeElement === document.body')).toBe(false)
})

test('a switch with the focus has one ring', async () => {
  await open('Settings')
  const box = window.getByRole('switch').first()
  await box.focus()
  await window.keyboard.press('Shift+Tab')
  await window.keyboard.press('Tab')
  const rings = await window.evaluate(`{
    const focused = document.querySelector('.switch[data-focus-visible]')
    // Without the field that is there for assistive technology only.
    const parts = [focused, ...focused.querySelectorAll('*')].filter(({ tagName }) => tagName !== 'INPUT')
    parts.filter((one) => getComputedStyle(one).outlineStyle === 'solid').length
  }`)
  expect(rings).toBe(1)
})

test('at twice the size the account is on one line beside the pages, and nothing scrolls sideways', async () => {
  const host = window.locator('.whose').getByText(/^127\.0\.0\.1:\d+$/)
  for (const width of [590, 640, 720]) {
    await window.setViewportSize({ width, height: 410 })
    // Below 640 px the pages are a bar at the bottom.
    await expect.poll(() => host.isVisible()).toBe(width >= 640)
    if (width >= 640) expect((await host.boundingBox())?.height).toBeLessThan(24)
    expect(await window.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  }
})
