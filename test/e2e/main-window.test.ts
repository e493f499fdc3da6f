import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoPods } from '../../src/simulator/demo'
import { createFleet } from '../../src/simulator/create-fleet'
import {
  actionsSent,
  card,
  creditUsd,
  openScene,
  type Scene,
  screenshot,
  toasts,
} from '../harness/app/start/scene'

const pods = [...demoPods, ...createFleet(20, 7)]
const stopped = pods.filter(({ mode }) => mode === 'stopped').map(({ name }) => name)

let scene: Scene
let window: Page

beforeAll(async () => {
  scene = await openScene({ pods, settings: { undoS: 60 } })
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  window = await scene.running.mainWindow()
  // So many pods are a table by default.
  await window.getByRole('radio', { name: 'Cards' }).click()
})
afterAll(() => scene?.close())

const names = () => window.getByRole('article').getByRole('heading').allTextContents()
const filter = (name: RegExp) => window.getByRole('radio', { name })

async function sortBy(name: string): Promise<void> {
  await window.getByRole('button', { name: /Sort by/ }).click()
  await window.getByRole('option', { name }).click()
}

/** A dialog takes the focus a moment after it is drawn, and keys only from then on. */
async function leaveDialog(): Promise<void> {
  await expect
    .poll(() => window.evaluate<boolean>("document.activeElement.closest('[role=dialog]') !== null"))
    .toBe(true)
  await window.keyboard.press('Escape')
  await expect.poll(() => window.getByRole('dialog').count()).toBe(0)
}

test('the main window opens beside the popover, shows the same pods, and can be reopened', async () => {
  await expect.poll(() => window.getByRole('article').count()).toBe(25)
  await expect.poll(() => scene.page.getByRole('article').count()).toBe(25)
  const handle = await scene.running.app.browserWindow(window)
  const isVisible = () => handle.evaluate((one) => (one as Electron.BrowserWindow).isVisible())
  await expect.poll(isVisible).toBe(true)
  await handle.evaluate((one) => (one as Electron.BrowserWindow).close())
  await expect.poll(isVisible).toBe(false)
  await scene.page.getByRole('button', { name: 'Open window' }).click()
  await expect.poll(isVisible).toBe(true)
})

test('a card shows a bar for each GPU, and what data is at risk', async () => {
  const eight = card(window, 'voice-scratch-007')
  await expect.poll(() => eight.getByRole('list').getByRole('listitem').count()).toBe(8)
  await expect.poll(() => eight.textContent()).toMatch(/GPU 7: \d+%, memory \d+%/)
  expect(await card(window, 'comfy-scratch').textContent()).toContain('no volume')
  expect(await card(window, 'llama-70b-sft').textContent()).toContain('network volume')
  expect(await card(window, 'mcmc-planck').textContent()).toContain('volume 100 GB')
  expect(await card(scene.page, 'voice-scratch-007').getByRole('list').count()).toBe(0)
})

test('the strip shows the current rate, its largest shares, and how long the balance lasts', async () => {
  const strip = window.getByRole('region', { name: 'Money and counts' })
  await expect.poll(() => strip.textContent()).toMatch(/Current rate: \$[\d.]+\/hr/)
  await expect.poll(() => strip.textContent()).toMatch(/Balance\d+ (min|h)/)
  await strip.getByRole('button', { name: /^Balance/ }).click()
  const balance = window.getByRole('dialog', { name: 'Balance' })
  await expect.poll(() => balance.textContent()).toMatch(/Balance\$\d+\.\d\dLasts at the current rate\d+ /)
  const shownUsd = Number(/\$([\d.]+)Lasts/.exec((await balance.textContent()) ?? '')?.[1])
  expect(shownUsd).toBeLessThanOrEqual(creditUsd(pods))
  expect(shownUsd).toBeGreaterThan(creditUsd(pods) / 2)
  await leaveDialog()
  await strip.getByRole('button', { name: /^Current rate/ }).click()
  const summary = window.getByRole('dialog', { name: 'Current rate' })
  await expect.poll(() => summary.textContent()).toMatch(/\d+ running.*Current rate/)
  const all = await summary.getByRole('listitem').allTextContents()
  await leaveDialog()
  // The cost of network volumes is read some time after the pods.
  const parts = all.filter((part) => !part.startsWith('network volumes'))
  expect(parts).toHaveLength(6)
  expect(parts.at(-1)).toMatch(/^disks of stopped pods\$0\.\d\d\/hr · <1%$/)
})

test('the keyboard shows the details of a figure where it rests, one at a time, and Enter leads into them', async () => {
  const details = window.locator('.strip-details')
  const focusedText = () => window.evaluate('document.activeElement.textContent')
  await window.mouse.move(600, 700)
  await window.getByRole('button', { name: /^Current rate/ }).focus()
  await window.keyboard.press('Shift+Tab')
  await window.keyboard.press('Tab')
  await expect.poll(focusedText).toContain('/hr')
  await expect.poll(() => details.textContent()).toMatch(/running/)
  expect(await window.getByRole('dialog').count()).toBe(0)
  await window.keyboard.press('Tab')
  await expect.poll(() => details.textContent()).toMatch(/^Balance/)
  expect(await details.count()).toBe(1)
  await window.keyboard.press('Escape')
  await expect.poll(() => details.count()).toBe(0)
  expect(await focusedText()).toMatch(/^Balance/)
  await window.keyboard.press('Enter')
  const dialog = window.getByRole('dialog', { name: 'Balance' })
  await dialog.waitFor()
  await leaveDialog()
  await expect.poll(() => details.count()).toBe(0)
  await expect.poll(focusedText).toMatch(/^Balance/)
  await window.keyboard.press('Tab')
  await expect.poll(() => details.textContent()).toMatch(/idle/)
  await window.keyboard.press('Escape')
})

test('search, filter and order narrow the list, and order and filter survive a reload', async () => {
  await window.keyboard.press('/')
  await window.keyboard.type('H200 EU-RO')
  await expect.poll(names).toEqual(['mcmc-planck'])
  expect(await window.textContent('main')).toContain('1 of 25 shown')
  await window.keyboard.type(' nowhere')
  await expect.poll(() => window.textContent('main')).toContain('No results')
  await window.getByRole('button', { name: 'Show all 25 pods' }).click()
  await expect.poll(async () => (await names()).length).toBe(25)

  await filter(/^Stopped/).click()
  await expect.poll(async () => (await names()).sort()).toEqual(stopped.sort())
  expect(await window.textContent('main')).toMatch(/Stopped 3 · disks cost \$\d/)
  await sortBy('Name')
  await expect.poll(names).toEqual(stopped.sort())
  await window.reload()
  await expect.poll(names).toEqual(stopped.sort())
  expect(await filter(/^Stopped/).isChecked()).toBe(true)
  expect(await window.getByRole('button', { name: /Sort by/ }).textContent()).toContain('Name')
  await filter(/^All/).click()
  await sortBy('Price')
})

test('a stop can be requested in the window and undone in the popover', async () => {
  await window.getByRole('button', { name: 'Stop llama-70b-sft' }).click()
  await expect.poll(() => toasts(window).textContent()).toMatch(/Stopping llama-70b-sft in \d+ s/)
  expect(await card(window, 'llama-70b-sft').textContent()).toContain('Stopping')
  // It is told for a few seconds only.
  await Promise.all([
    expect.poll(() => toasts(window).textContent()).toContain('Stop undone: llama-70b-sft'),
    scene.page.getByRole('button', { name: 'Undo: stop llama-70b-sft' }).click(),
  ])
  expect(actionsSent(scene)).toEqual([])
})

test('nothing is cut off or scrolls sideways at any width', async () => {
  for (const width of [360, 600, 719, 720, 900, 1400, 2000]) {
    await window.setViewportSize({ width, height: 900 })
    const widths = () =>
      window.evaluate(
        '[document.documentElement, document.querySelector("main")].map((e) => e.scrollWidth - e.clientWidth)',
      )
    await expect.poll(async () => ({ width, widths: await widths() })).toEqual({ width, widths: [0, 0] })
    for (const colorScheme of ['dark', 'light'] as const) {
      await window.emulateMedia({ colorScheme })
      await screenshot(window, `window-${width}-${colorScheme}`)
    }
  }
})
