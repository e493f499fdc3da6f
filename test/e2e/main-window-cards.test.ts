import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoPods } from '../../src/simulator/demo'
import { waitUntil } from '../harness/app/wait-until'
import { actionsSent, card, openScene, type Scene, toasts } from '../harness/app/scene'

/* What needs the user comes first, and nothing moves because of an action or under the pointer. */

let scene: Scene
let window: Page

beforeAll(async () => {
  scene = await openScene({ pods: demoPods, settings: { undoS: 60, idleAlertAfterMin: 0.1 } })
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  window = await scene.running.mainWindow()
  await window.setViewportSize({ width: 1_180, height: 820 })
  const alerted = section('Needs you').getByRole('heading', { name: 'comfy-scratch' })
  await waitUntil('an idle pod', async () => (await alerted.count()) === 1, 60_000)
})
afterAll(() => scene?.close())

const section = (name: string) => window.getByRole('region', { name: new RegExp(`^${name}`) })
const firstCardY = async () => (await window.getByRole('article').first().boundingBox())?.y

test('the first pod is within 120 px, and one banner pushes it by 40 px', async () => {
  const y = async () => Math.round((await firstCardY()) ?? 999)
  // The accounts of tests are connected to another host than Runpod's, which is a banner.
  await expect.poll(y).toBeLessThanOrEqual(160)
  const height = (await window.locator('.messages').boundingBox())?.height ?? 0
  expect(height).toBeLessThanOrEqual(40)
  expect((await y()) - height).toBeLessThanOrEqual(120)
})

test('every section says how many pods it has, and a card says its state once', async () => {
  for (const name of ['Needs you', 'Stopped'])
    expect(await section(name).getByRole('heading', { level: 2 }).textContent()).toMatch(/\d/)
  const idle = card(window, 'comfy-scratch')
  expect(((await idle.textContent()) ?? '').match(/Idle \d+/g)).toHaveLength(1)
  // Nothing of it would survive, which the app's own window asks about.
  expect(await idle.getByRole('button', { name: 'Stop pod comfy-scratch' }).textContent()).toBe('Stop pod…')
  expect(
    await card(window, 'eval-sweep-b')
      .getByRole('button', { name: /Terminal/ })
      .count(),
  ).toBe(0)
})

test('a stop changes the height of no card, and the focus stays on it', async () => {
  const heights = () =>
    window.getByRole('article').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height))
  const focusedCard = () => window.evaluate('document.activeElement.closest("article")?.textContent ?? ""')
  const before = await heights()
  await card(window, 'llama-70b-sft').getByRole('button', { name: 'Stop llama-70b-sft' }).focus()
  await window.keyboard.press('Enter')
  await expect.poll(() => toasts(window).textContent()).toMatch(/^Stopping llama-70b-sft in \d+ s/)
  expect(await heights()).toEqual(before)
  await expect.poll(focusedCard).toContain('llama-70b-sft')
  await window.keyboard.press('z')
  await expect.poll(() => toasts(window).textContent()).toContain('Stop undone: llama-70b-sft')
  expect(await heights()).toEqual(before)
  expect(await focusedCard()).toContain('llama-70b-sft')
  expect(actionsSent(scene)).toEqual([])
})

test('J and K move through the cards', async () => {
  await window.evaluate('document.activeElement.blur()')
  const focusedName = () => window.evaluate('document.activeElement.querySelector("h3")?.textContent')
  await window.keyboard.press('j')
  const first = await window.getByRole('article').first().getByRole('heading').textContent()
  await expect.poll(focusedName).toBe(first)
  await window.keyboard.press('j')
  expect(await focusedName()).not.toBe(first)
  await window.keyboard.press('k')
  await expect.poll(focusedName).toBe(first)
})

test('the list names what stops next', async () => {
  await scene.page.evaluate(`(async () => {
    const { value } = await window.app.snapshot()
    await window.app.setAutoStop(value.accounts[0].entry.id, 'all')
  })()`)
  const stops = section('Next stops')
  await expect
    .poll(() => stops.getByRole('listitem').allTextContents(), { timeout: 30_000 })
    .toContainEqual(expect.stringMatching(/^comfy-scratch/))
  await expect.poll(() => stops.textContent()).toMatch(/Held:/)
})
