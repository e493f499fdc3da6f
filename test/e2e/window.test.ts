import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { requestNames } from '../../src/shared/ipc'
import { FULL_KEY } from '../../src/simulator/simulator'
import { waitUntil } from '../harness/app/act/wait-until'
import { TrayItem } from '../harness/app/desktop/tray'
import {
  actionsSent,
  card,
  openScene,
  type Scene,
  screenshot,
  toasts,
  VOLUME,
} from '../harness/app/start/scene'

/*
 * What only the real windows show, in one app, by tests that depend on each other's order: how they are shown, hidden and
 * kept, the system's keys, power and region, and their isolation. What their pages do is tested in test/browser.
 */

/** Of a name that another region's rules of upper and lower case would change. */
const POD = 'INFINITY-canary'

let scene: Scene
let main: Page

beforeAll(async () => {
  scene = await openScene({
    pods: [{ id: 'pod-canary', name: POD, mode: 'training', costPerHourUsd: 1_234.5, ...VOLUME }],
    settings: { undoS: 60 },
    launch: { env: { LC_ALL: 'tr_TR.UTF-8', HF_TOKEN: 'hf-token-canary' }, args: ['--lang=tr'] },
  })
})
afterAll(() => scene?.close())

const windows = () => scene.running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
const lists = () => scene.runpod.requests.filter(({ path }) => path === '/v2/pods').length
const visibilityOf = async (page: Page): Promise<() => Promise<boolean>> => {
  const handle = await scene.running.app.browserWindow(page)
  return () => handle.evaluate((one) => (one as Electron.BrowserWindow).isVisible())
}
const closeWindow = async (page: Page): Promise<void> => {
  const handle = await scene.running.app.browserWindow(page)
  await handle.evaluate((one) => (one as Electron.BrowserWindow).close())
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

test('the main window takes the key, opens beside the popover, shows the same pods, and can be reopened', async () => {
  await scene.page.evaluate("window.app.openWindow('pods')")
  main = await scene.running.mainWindow()
  await scene.running.app.evaluate(({ clipboard }, key) => clipboard.writeText(key), FULL_KEY)
  await expect.poll(() => main.evaluate('document.activeElement.id')).toBe('api-key')
  await main.keyboard.press('Control+v')
  for (const page of [main, scene.page]) await expect.poll(() => card(page, POD).count()).toBe(1)
  const isVisible = await visibilityOf(main)
  await expect.poll(isVisible).toBe(true)
  await closeWindow(main)
  await expect.poll(isVisible).toBe(false)
  await scene.page.getByRole('button', { name: 'Open window' }).click()
  await expect.poll(isVisible).toBe(true)
})

test('dates, clocks and numbers are those of the system’s region, and the words stay English', async () => {
  expect(await main.evaluate('window.app.locale')).toMatch(/^tr\b/)
  await main.setViewportSize({ width: 1_000, height: 700 })
  await expect.poll(() => card(main, POD).textContent()).toContain('$1,234.50 per hour')
  expect(await card(main, POD).textContent()).toContain('Stop')
  expect(await main.evaluate('getComputedStyle(document.documentElement).direction')).toBe('ltr')
  for (const page of [main, scene.page])
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  await screenshot(main, 'locales/tr')
})

test('a stop can be requested in the window and undone in the popover', async () => {
  await card(main, POD)
    .getByRole('button', { name: `Stop ${POD}` })
    .click()
  await expect.poll(() => toasts(main).textContent()).toMatch(/Stopping INFINITY-canary in \d+ s/)
  expect(await card(main, POD).textContent()).toContain('Stopping')
  // It is told for a few seconds only.
  await Promise.all([
    expect.poll(() => toasts(main).textContent()).toContain(`Stop undone: ${POD}`),
    scene.page.getByRole('button', { name: `Undo: stop ${POD}` }).click(),
  ])
  expect(actionsSent(scene)).toEqual([])
  const navigation = main.getByRole('navigation', { name: 'Pages' })
  await navigation.getByRole('button', { name: /^Activity/ }).click()
  await expect
    .poll(async () => (await main.locator('main time').first().textContent()) ?? '')
    .toMatch(/^\d\d:\d\d$/)
  await navigation.getByRole('button', { name: /^Pods/ }).click()
})

test('the menu copies diagnostics with state and log, but without key, environment and names', async () => {
  // What a careless log line would contain.
  await scene.running.app.evaluate((_electron, key) => {
    void Promise.reject(
      new Error(`pod INFINITY-canary of ${key} with hf-token-canary`, {
        cause: new Error(`env: { A: '${key}' }`),
      }),
    )
  }, FULL_KEY)
  await scene.page.getByRole('button', { name: 'More', exact: true }).click()
  await scene.page.getByRole('menuitem', { name: 'Copy diagnostics' }).click()
  const copied = () => scene.running.app.evaluate(({ clipboard }) => clipboard.readText())
  await expect.poll(copied).toMatch(/^Podkeeper \d/)
  const text = await copied()
  for (const part of [
    'Electron: ',
    'connection: {"kind":"live"}',
    'pods: 1 running',
    'pollActiveS: 1',
    'A rejection was not handled',
  ])
    expect(text).toContain(part)
  const folder = join(scene.running.dataDir, 'logs')
  const logs = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
  for (const said of [text, ...logs, scene.running.output()])
    for (const secret of [FULL_KEY, 'hf-token-canary', 'never-show-this']) expect(said).not.toContain(secret)
  expect(text).not.toMatch(/INFINITY-canary|pod-canary/)
  await expect.poll(() => scene.page.textContent('body')).toMatch(/Diagnostics copied: versions/)
})

test('a sleeping app sends nothing, and waking up causes one poll', async () => {
  const tell = (event: string) =>
    scene.running.app.evaluate(({ powerMonitor }, name) => powerMonitor.emit(name), event)
  await tell('suspend')
  const asleep = lists()
  // Not even on request. Each response arrives after the poll that the request would have caused.
  for (let asked = 0; asked < 3; asked += 1)
    expect(await scene.page.evaluate('window.app.refresh()')).toMatchObject({ ok: true })
  expect(lists() - asleep).toBeLessThanOrEqual(1)

  const before = lists()
  await tell('resume')
  await tell('unlock-screen')
  await tell('resume')
  await expect.poll(lists, { interval: 20 }).toBe(before + 1)
  await expect.poll(lists).toBeGreaterThan(before + 2)
})

test('Escape closes an open menu and then the popover', async () => {
  const { page } = scene
  const isVisible = await visibilityOf(page)
  await expect.poll(isVisible).toBe(true)
  await page.getByRole('button', { name: 'More', exact: true }).focus()
  await page.keyboard.press('Enter')
  await page.locator('[role^=menuitem]:focus').waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => page.evaluate('document.activeElement.ariaLabel')).toBe('More')
  expect(await isVisible()).toBe(true)
  await page.keyboard.press('Escape')
  await expect.poll(isVisible).toBe(false)
})

test('windows hidden for long are destroyed, polling continues, and a click on the tray brings one back', async () => {
  const tray = await TrayItem.of(scene.running)
  await main.evaluate("window.app.changeSetting('hiddenWindowKeepS', 1)")
  // Hidden before that, it would be kept for longer.
  await tray.activate()
  await expect.poll(await visibilityOf(scene.page)).toBe(true)
  for (const one of [scene.page, main]) await closeWindow(one)
  await expect.poll(windows).toBe(0)
  const before = lists()
  await expect.poll(() => lists() - before).toBeGreaterThan(2)

  await tray.activate()
  await expect.poll(windows).toBe(1)
  const page = () =>
    waitUntil('the new window', () => scene.running.app.windows().find((one) => !one.isClosed()))
  await expect.poll(async () => card(await page(), POD).count()).toBe(1)

  await closeWindow(await page())
  await expect.poll(windows).toBe(0)
  await tray.choose(POD, 'Show')
  await expect.poll(async () => (await page()).locator(':focus').textContent()).toMatch(/^INFINITY/)
  tray.disconnect()
})

test('Ctrl with plus, minus and zero zooms all windows, and the zoom survives a restart', async () => {
  const levels = () =>
    scene.running.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((one) => one.webContents.getZoomLevel()),
    )
  const shown = await waitUntil('a window', () => scene.running.app.windows().find((one) => !one.isClosed()))
  for (const key of ['=', '=', '-']) await strike(shown, key)
  await expect.poll(levels).toEqual([0.5])
  scene.running = await scene.running.relaunch()
  scene.page = await scene.running.popover()
  await expect.poll(levels).toEqual([0.5])
  await scene.page.evaluate("window.app.openWindow('pods')")
  await expect.poll(levels).toEqual([0.5, 0.5])
  await strike(await scene.running.mainWindow(), '0')
  await expect.poll(levels).toEqual([0, 0])
})

// The last one, because Playwright waits for a navigation that the app refuses.
test('a window is isolated: no Node, no other pages, and invalid requests are rejected', async () => {
  const { page } = scene
  const before = await windows()
  const evaluate = (script: string): Promise<unknown> => page.evaluate(script)
  expect(await evaluate('[typeof require, typeof process, typeof module]')).toEqual(
    Array(3).fill('undefined'),
  )
  expect(await evaluate('Object.keys(window.app).sort()')).toEqual([...requestNames, 'locale', 'on'].sort())
  for (const nonsense of [
    'act()',
    'act("a")',
    'act(1, "stop")',
    'act("", "stop")',
    'act("a", "terminate")',
    'act("a", "stop", "b")',
    'act("a", "stop")',
    'act("x/a", "terminate")',
    `act("${'x'.repeat(201)}", "stop")`,
    'act({ toString: 1 }, "stop")',
    'openPage("https://evil.example")',
    'undo(null)',
  ])
    expect(await evaluate(`window.app.${nonsense}`)).toMatchObject({ ok: false })
  expect(await evaluate('window.app.act("no such account/pod", "stop")')).toMatchObject({ ok: false })

  expect(await evaluate('window.open("https://example.com")')).toBeNull()
  await evaluate('void (location.href = "https://example.com")')
  await evaluate(`fetch('https://example.com').catch(() => {})`)
  expect(await evaluate('location.href')).toBe('podkeeper://app/index.html')
  expect(await evaluate('document.querySelector("script:not([src])")')).toBeNull()
  expect(await windows()).toBe(before)
})
