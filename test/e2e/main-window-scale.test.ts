import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fleetOf } from '../../src/simulator/fleet'
import { openScene, type Scene, screenshot } from '../harness/app/scene'
import { until } from '../harness/app/waiting'

/* A thousand pods: all of them there for search, keyboard and screen reader, few of them drawn whole. */

const COUNT = 1_000
/** Whole cards at once, in a window of 1,180 × 820 and what is near it. */
const FEW = 80

let scene: Scene
let window: Page

beforeAll(async () => {
  scene = await openScene({ pods: fleetOf(COUNT, 7) })
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  window = await scene.running.mainWindow()
  await until('all cards', async () => (await window.getByRole('article').count()) === COUNT, 30_000)
})
afterAll(() => scene?.close())

const wholeCards = () => window.locator('article > .meta').count()
const last = () => window.getByRole('article').last()

test('every pod has its heading, and few cards are drawn whole', async () => {
  expect(await window.getByRole('article').getByRole('heading').count()).toBe(COUNT)
  expect(await wholeCards()).toBeLessThan(FEW)
  // By price the first cards are those in error, which have no sparkline.
  await window.getByRole('radio', { name: /^Running/ }).click()
  await expect.poll(() => window.locator('.spark .line[d^="M"]').count()).toBeGreaterThan(5)
  expect(await wholeCards()).toBeLessThan(FEW)
  await window.getByRole('radio', { name: /^All/ }).click()
  await expect.poll(() => window.getByRole('article').count()).toBe(COUNT)
})

test('the card at the end is drawn when it comes near, with its buttons; those left behind are not', async () => {
  await last().scrollIntoViewIfNeeded()
  await expect
    .poll(() =>
      last()
        .getByRole('button', { name: /^(Stop|Start) / })
        .count(),
    )
    .toBe(1)
  await expect.poll(wholeCards).toBeLessThan(FEW)
  await expect.poll(() => window.getByRole('article').first().locator('.meta').count()).toBe(0)
  await screenshot(window, 'window-thousand-end')
})

test('Tab goes on into cards that were not drawn before', async () => {
  const order = window.getByRole('article').getByRole('button', { name: /^(Stop|Start) / })
  await window.getByRole('article').first().scrollIntoViewIfNeeded()
  await expect.poll(() => window.getByRole('article').first().locator('.meta').count()).toBe(1)
  await order.first().focus()
  const seen = new Set<string>()
  for (let step = 0; step < 60; step++) {
    seen.add(String(await window.evaluate('document.activeElement.getAttribute("aria-label")')))
    await window.keyboard.press('Tab')
  }
  expect(seen.size).toBe(60)
  expect(
    [...seen].filter((name) => !/^(Terminal on|Stop|Start|Keep on|More for|End keeping on) /.test(name)),
  ).toEqual([])
})

test('a card that holds the focus is not taken away by scrolling', async () => {
  const stop = window
    .getByRole('article')
    .first()
    .getByRole('button', { name: /^(Stop|Start) / })
  await window.getByRole('article').first().scrollIntoViewIfNeeded()
  await stop.focus()
  const name = await stop.getAttribute('aria-label')
  await last().scrollIntoViewIfNeeded()
  await expect
    .poll(() =>
      last()
        .getByRole('button', { name: /^(Stop|Start) / })
        .count(),
    )
    .toBe(1)
  expect(await window.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(name)
})

test('a pod far away is found by search, and brought into view when it is asked for', async () => {
  const name = await last().getByRole('heading').textContent()
  await window.keyboard.press('/')
  await window.keyboard.type(name ?? '')
  await expect.poll(() => window.getByRole('article').count()).toBe(1)
  await window.keyboard.press('Escape')
  await expect.poll(() => window.getByRole('article').count()).toBe(COUNT)
  const podId = (await last().getAttribute('id'))?.replace(/^pod-/, '')
  const handle = await scene.running.app.browserWindow(window)
  await handle.evaluate(
    (one, id) => (one as Electron.BrowserWindow).webContents.send('podkeeper:event:showPod', id),
    podId,
  )
  await expect.poll(() => window.evaluate('document.activeElement.id')).toBe(`pod-${podId}`)
  await expect
    .poll(() =>
      last()
        .getByRole('button', { name: /^(Stop|Start) / })
        .count(),
    )
    .toBe(1)
})
