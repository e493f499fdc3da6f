import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FULL_KEY } from '../../src/simulator/simulator'
import { actionsSent, openScene, type Scene } from '../harness/app/start/scene'

/* Operates the main window with the keyboard only. */

let scene: Scene
let window: Page

beforeAll(async () => {
  const gpu = { id: 'NVIDIA H100 80GB HBM3', count: 1 }
  scene = await openScene({
    pods: [
      {
        id: 'a',
        name: 'alpha',
        mode: 'training',
        costPerHourUsd: 1,
        persistent: { sizeGb: 20, path: '/workspace' },
      },
      { id: 'b', name: 'beta', mode: 'training', costPerHourUsd: 3, gpu },
      { id: 'c', name: 'gamma', mode: 'stopped' },
    ],
    settings: { undoS: 60 },
  })
  await scene.page.evaluate("window.app.openWindow('pods')")
  window = await scene.running.mainWindow()
})
afterAll(() => scene?.close())

/** The accessible name of the focused element. */
const focused = (page = window): Promise<unknown> =>
  page.evaluate(`(() => {
    const one = document.activeElement
    const label = one.labels?.[0] ?? document.getElementById(one.getAttribute('aria-labelledby')?.split(' ')[0])
    return (one.getAttribute('aria-label') ?? label?.textContent ?? one.textContent).trim()
  })()`)

async function tabTo(name: RegExp, stroke = 'Tab'): Promise<void> {
  const isThere = async (): Promise<boolean> => name.test(String(await focused()))
  for (let step = 0; step < 80 && !(await isThere()); step++) await window.keyboard.press(stroke)
  expect(await focused()).toMatch(name)
}

/** Sends Ctrl and `key` as the system would, because the debugger's key events bypass main's listener. */
async function strike(page: Page, key: string): Promise<void> {
  const handle = await scene.running.app.browserWindow(page)
  await handle.evaluate((one, keyCode) => {
    const { webContents } = one as Electron.BrowserWindow
    webContents.sendInputEvent({ type: 'keyDown', keyCode, modifiers: ['control'] })
    webContents.sendInputEvent({ type: 'keyUp', keyCode, modifiers: ['control'] })
  }, key)
}

const names = () => window.getByRole('article').getByRole('heading').allTextContents()

test('a key is pasted with the initial focus', async () => {
  await scene.running.app.evaluate(({ clipboard }, key) => clipboard.writeText(key), FULL_KEY)
  await expect.poll(() => window.evaluate('document.activeElement.id')).toBe('api-key')
  await window.keyboard.press('Control+v')
  await expect.poll(names).toEqual(['beta', 'alpha', 'gamma'])
})

test('a slash or Ctrl+F starts the search, and Escape clears the field', async () => {
  await window.keyboard.press('/')
  await window.keyboard.type('h100')
  await expect.poll(names).toEqual(['beta'])
  await window.keyboard.press('Escape')
  await expect.poll(names).toHaveLength(3)
  await tabTo(/^All/)
  await window.keyboard.press('Control+f')
  expect(await focused()).toBe('Search pods')
})

test('arrow keys move through the filters and sort orders', async () => {
  await tabTo(/^All/)
  for (const stroke of ['ArrowRight', 'ArrowRight', 'Space']) await window.keyboard.press(stroke)
  await expect.poll(names).toEqual(['gamma'])
  for (const stroke of ['ArrowLeft', 'ArrowLeft', 'Space']) await window.keyboard.press(stroke)
  await expect.poll(names).toHaveLength(3)
  await tabTo(/Price/)
  await window.keyboard.press('Enter')
  await expect.poll(() => window.getByRole('option').count()).toBe(6)
  // The list has the focus a moment after it is shown.
  await window.locator('[role=option]:focus').waitFor()
  for (const stroke of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter']) await window.keyboard.press(stroke)
  await expect.poll(names).toEqual(['alpha', 'beta', 'gamma'])
})

test('a pod can be stopped, undone, stopped again and started', async () => {
  await tabTo(/^Stop alpha$/)
  await window.keyboard.press('Enter')
  await window.getByRole('button', { name: 'Undo: stop alpha' }).waitFor()
  await tabTo(/^Undo: stop alpha$/)
  await window.keyboard.press('Space')
  await expect.poll(() => window.textContent('body')).toContain('Stop undone: alpha')
  expect(actionsSent(scene)).toEqual([])
  // There was time to undo it; now nothing is to be waited for.
  await window.evaluate("window.app.changeSetting('undoS', 2)")
  await tabTo(/^Stop alpha$/)
  await window.keyboard.press('Space')
  await expect.poll(() => window.getByRole('button', { name: 'Start alpha' }).count()).toBe(1)
  await tabTo(/^Start alpha$/)
  await window.keyboard.press('Enter')
  await expect.poll(() => actionsSent(scene)).toEqual(['stop a', 'start a'])
})

test('the focused element has a visible focus indicator', async () => {
  await tabTo(/^Pods$/, 'Shift+Tab')
  expect(await window.evaluate('document.activeElement.getAttribute("aria-current")')).toBe('page')
  expect(await window.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid')
})

test('the settings can be opened and changed, and the pods are still there afterwards', async () => {
  await window.keyboard.press('Control+,')
  await expect.poll(() => window.getByRole('heading', { name: 'Settings', level: 1 }).count()).toBe(1)
  await expect.poll(() => window.getByLabel('Undo time', { exact: true }).count()).toBe(1)
  await tabTo(/^Undo time/)
  await window.keyboard.press('Control+a')
  await window.keyboard.type('7')
  await window.keyboard.press('Enter')
  const file = join(scene.running.dataDir, 'config.json')
  await expect.poll(() => readFileSync(file, 'utf8')).toMatch(/"undoS": 7\b/)
  await tabTo(/^Pods$/, 'Shift+Tab')
  await window.keyboard.press('Enter')
  await expect.poll(names).toHaveLength(3)
})

test('Ctrl with plus, minus and zero zooms, and the zoom survives a restart', async () => {
  const level = () =>
    scene.running.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((one) => one.webContents.getZoomLevel()),
    )
  for (const key of ['=', '=', '-']) await strike(window, key)
  await expect.poll(level).toEqual([0.5, 0.5])
  scene.running = await scene.running.relaunch()
  scene.page = await scene.running.popover()
  await expect.poll(level).toEqual([0.5])
  await strike(scene.page, '0')
  await expect.poll(level).toEqual([0])
})

test('Escape closes an open menu and then the popover', async () => {
  const { page } = scene
  const popover = await scene.running.app.browserWindow(page)
  const isVisible = () => popover.evaluate((one) => (one as Electron.BrowserWindow).isVisible())
  await scene.pasteKey()
  await expect.poll(() => page.getByRole('article').count()).toBe(3)
  await expect.poll(isVisible).toBe(true)
  await page.getByRole('button', { name: 'More', exact: true }).focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => page.getByRole('menuitem').count()).toBeGreaterThan(1)
  await page.locator('[role^=menuitem]:focus').waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => focused(page)).toBe('More')
  expect(await isVisible()).toBe(true)
  await page.keyboard.press('Escape')
  await expect.poll(isVisible).toBe(false)
})
