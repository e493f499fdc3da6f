import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFleet } from '../../src/simulator/create-fleet'
import { openScene, type Scene, screenshot } from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'

/* Hundreds of pods, all available to search, keyboard and screen readers, although few cards are rendered in full. */

const COUNT = 400
/** The maximum number of full cards for a window of 1,180 × 820 and its surroundings. */
const FEW = 80

let scene: Scene
let window: Page

beforeAll(async () => {
  // Polls are rare, because drawing a thousand pods every second takes all of a slow machine's CPU time.
  scene = await openScene({ pods: createFleet(COUNT, 7), settings: { pollActiveS: 15, pollIdleS: 15 } })
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  window = await scene.running.mainWindow()
  // So many pods are a table by default, which main-window-table.test.ts tests.
  await window.getByRole('radio', { name: 'Cards' }).click()
  await waitUntil('all cards', async () => (await window.getByRole('article').count()) === COUNT)
})
afterAll(() => scene?.close())

const wholeCards = () => window.locator('article > .meta').count()
const last = () => window.getByRole('article').last()

test('every pod has a heading, and few cards are rendered in full', async () => {
  expect(await window.getByRole('article').getByRole('heading').count()).toBe(COUNT)
  expect(await wholeCards()).toBeLessThan(FEW)
  // Sorted by price, the first cards are those in error, which have no sparkline.
  await window.getByRole('radio', { name: /^Running/ }).click()
  await expect.poll(() => window.locator('.spark .line[d^="M"]').count()).toBeGreaterThan(5)
  await expect.poll(wholeCards).toBeLessThan(FEW)
  await window.getByRole('radio', { name: /^All/ }).click()
  await expect.poll(() => window.getByRole('article').count()).toBe(COUNT)
})

test('the last card is rendered with its buttons when it comes near, and distant ones are not', async () => {
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
  await screenshot(window, 'window-hundreds-end')
})

test('Tab continues into cards that were not rendered before', async () => {
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
    [...seen].filter((name) => !/^(Terminal on|Stop|Start|Keep running:|More for|Release) /.test(name)),
  ).toEqual([])
})

test.each([
  ['after', 0],
  ['before', -1],
])(
  'the card %s the one with the focus is rendered, although no frame is drawn meanwhile',
  async (_, from) => {
    const start = window.getByRole('article').nth(from)
    await start.scrollIntoViewIfNeeded()
    await expect.poll(() => start.locator('.meta').count()).toBe(1)
    // Goes on as Tab does. Only promises are waited for, so that the browser reports nothing to the page.
    const visited = await window.evaluate<readonly string[]>(`(async () => {
    const all = [...document.querySelectorAll('article')]
    const articles = (${from} === 0 ? all : all.reverse()).slice(0, 60)
    const visited = []
    for (const article of articles) {
      const button = article.querySelector('button:not([tabindex="-1"])')
      if (button === null) break
      button.focus()
      visited.push(article.id)
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
    }
    return visited
  })()`)
    expect(visited).toHaveLength(60)
  },
)

test('a card with the focus stays rendered while scrolling', async () => {
  await window.getByRole('article').first().scrollIntoViewIfNeeded()
  const stop = window
    .getByRole('article')
    .getByRole('button', { name: /^(Stop|Start) / })
    .first()
  const focused = () => window.evaluate<string | null>('document.activeElement.getAttribute("aria-label")')
  await stop.focus()
  // Which one is the first changes while more cards are drawn.
  const name = await waitUntil('the focus on a button', focused)
  expect(name).toMatch(/^(Stop|Start) /)
  await last().scrollIntoViewIfNeeded()
  await expect
    .poll(() =>
      last()
        .getByRole('button', { name: /^(Stop|Start) / })
        .count(),
    )
    .toBe(1)
  expect(await focused()).toBe(name)
})

test('a distant pod is found by search, and scrolled into view on request', async () => {
  const name = await last().getByRole('heading').textContent()
  await window.keyboard.press('/')
  await window.keyboard.type(name ?? '')
  await expect.poll(() => window.getByRole('article').count()).toBe(1)
  await window.keyboard.press('Escape')
  await expect.poll(() => window.getByRole('article').count()).toBe(COUNT)
  const podId = (await last().getAttribute('id'))?.replace(/^pod-/, '')
  const handle = await scene.running.app.browserWindow(window)
  await handle.evaluate(
    (one, about) =>
      (one as Electron.BrowserWindow).webContents.send('podkeeper:event:showPage', { page: 'pods', about }),
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
