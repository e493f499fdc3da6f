import { beforeEach, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { openWindow, type TestWindow } from '../harness/browser/open-window'
import { card, idlePods } from '../harness/browser/pods-scene'
import { openScene, podOf, type BrowserScene } from '../harness/browser/scene'

/* What a person reaches without scrolling: what stops next, the menu of a pod, and other pages. */

const names = ['anna', 'bert', 'carl', 'dora', 'emil', 'fred', 'gina', 'hans', 'ida', 'jana']

let scene: BrowserScene
let window: TestWindow

beforeEach(async () => {
  await page.viewport(1180, 820)
  scene = await openScene({
    pods: idlePods(names),
    balanceUsd: 100_000,
    settings: { bootMin: 0, idleAlertAfterMin: 0.05, pollActiveS: 5, pollIdleS: 5 },
  })
  await scene.bridge.request('changePodRules', (await podOf(scene, 'hans')).key, { maxHours: 6 })
  await scene.bridge.request('changePodRules', (await podOf(scene, 'ida')).key, { maxHours: 4 })
  await scene.advance(12_000)
  window = await openWindow(scene)
  await expect.element(card(window, 'anna')).toBeVisible()
})

test('what stops next stands above the pods while the list of stops is out of view, and leads there', async () => {
  const line = window.getByRole('button', { name: /^Next: Stop ida at \d\d:\d\d · 1 more$/ })
  await expect.element(line).toBeVisible()
  const stops = window.getByRole('list', { name: 'Upcoming stops' })
  await expect.element(stops).not.toBeInViewport()
  window.focusOn(line)
  await userEvent.keyboard('{Enter}')
  await expect.element(stops).toBeInViewport()
  await expect.element(line).not.toBeInTheDocument()
})

test('what stops next is said, whichever part of the window gets the settings first', async () => {
  window.close()
  const replies = Array.from({ length: 20 }, () => scene.bridge.holdReply('settings'))
  const before = scene.bridge.requests.length
  window = await openWindow(scene)
  await expect.element(card(window, 'anna')).toBeVisible()
  const asked = scene.bridge.requests.slice(before).filter(({ name }) => name === 'settings').length
  expect(asked).toBeGreaterThan(1)
  for (const reply of replies.slice(0, asked)) {
    await reply.arrived()
    reply.release()
    await window.nextFrame()
    await window.nextFrame()
  }
  await expect.element(window.getByRole('button', { name: /^Next: Stop ida at/ })).toBeVisible()
})

test('what stops next is said at every width, covers nothing, and pushes no pod down', async () => {
  const line = () => window.getByRole('button', { name: /^Next: Stop ida at \d\d:\d\d · 1 more$/ })
  const boxOf = (selector: string) => window.document.querySelector(selector)?.getBoundingClientRect()
  const shownAt = async (width: number, height: number): Promise<DOMRect> => {
    window.resize(width, height)
    await expect.element(line()).toBeVisible()
    await window.nextFrame()
    return line().element().getBoundingClientRect()
  }
  for (const [width, height] of [
    [820, 600],
    [590, 410],
    [360, 600],
  ] as const) {
    const box = await shownAt(width, height)
    expect(line().element().textContent).toMatch(/\d\d:\d\d/)
    expect(box.left).toBeGreaterThan(boxOf('.section-head h2')?.right ?? Infinity)
    expect(box.right).toBeLessThanOrEqual(boxOf('.section-head > .button')?.left ?? 0)
    expect(box.bottom).toBeLessThanOrEqual(boxOf('article')?.top ?? 0)
  }
  window.resize(1_180, 330)
  await window.getByRole('radio', { name: 'Table' }).click()
  for (const width of [1_180, 820]) {
    const box = await shownAt(width, 330)
    expect(box.bottom).toBeLessThanOrEqual(boxOf('tbody tr')?.top ?? 0)
    expect(box.right).toBeLessThanOrEqual(boxOf('.head-action')?.left ?? 0)
  }
  // Rather names of pods than what is next.
  window.resize(590, 410)
  await expect.element(line()).not.toBeInTheDocument()
  expect(boxOf('.cell-name')?.width).toBeGreaterThan(150)
})

test('the menu of a pod has named groups, an icon at each entry, and Terminate in view in a low window', async () => {
  window.resize(1_180, 420)
  await window.nextFrame()
  window.focusOn(window.getByRole('button', { name: 'Actions of anna', exact: true }))
  await userEvent.keyboard('{Enter}')
  const menu = window.getByRole('menu')
  await expect.element(menu).toBeVisible()
  for (const group of ['Keep running', 'Look at the pod', 'Change the pod'])
    await expect.element(menu.getByRole('group', { name: group })).toBeInTheDocument()
  const items = menu.getByRole('menuitem').elements()
  expect(items.filter((item) => item.querySelector('svg') === null)).toEqual([])
  expect(items.at(-1)?.textContent).toMatch(/^Terminate/)
  await expect.element(menu.getByRole('menuitem', { name: /^Terminate/ })).toBeInViewport({ ratio: 1 })
})

test('pods that are no longer read lose the accent of their main button', async () => {
  const stop = card(window, 'anna').getByRole('button', { name: 'Stop pod anna' })
  await expect.element(stop).toHaveClass('primary')
  await scene.runpod.fault({ kind: 'server-error' })
  await scene.advance(120_000)
  await expect.element(stop).not.toHaveClass('primary')
  await scene.runpod.clearFaults()
  await scene.advance(120_000)
  await expect.element(stop).toHaveClass('primary')
})

test('G and a letter go to a page, and a letter after it stops no pod', async () => {
  window.global.focus()
  await userEvent.keyboard('gc')
  await expect.element(window.getByRole('heading', { name: 'Costs', level: 1 })).toBeInTheDocument()
  await userEvent.keyboard('gp')
  await expect.element(card(window, 'anna')).toBeVisible()
  window.focusOn(card(window, 'anna'))
  await userEvent.keyboard('gs')
  await expect.element(window.getByRole('heading', { name: 'Settings', level: 1 })).toBeInTheDocument()
  expect((await scene.runpod.requests()).filter(({ action }) => action !== undefined)).toEqual([])
})
