import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFleet } from '../../src/simulator/create-fleet'
import { axeFaults, loadAxe } from '../harness/app/look/axe'
import { followText } from '../harness/app/act/follow-text'
import { waitUntil } from '../harness/app/act/wait-until'
import { actionsSent, openScene, type Scene, screenshot, toasts, VOLUME } from '../harness/app/start/scene'

/* Two hundred pods in a table: drawn in part, complete for search and screen readers, and operated by keyboard. */

const COUNT = 200

let scene: Scene
let window: Page

beforeAll(async () => {
  const idle = ['anna', 'bert', 'cleo'].map((name, index) => ({
    id: name,
    name,
    mode: 'idle' as const,
    costPerHourUsd: 90 - index,
    ...VOLUME,
  }))
  const lost = { id: 'lost', name: 'lost', mode: 'idle' as const, costPerHourUsd: 80 }
  scene = await openScene({
    pods: [...idle, lost, ...createFleet(COUNT - 4, 7)],
    // Hundreds of pods at each poll.
    settings: { undoS: 60, idleAlertAfterMin: 0.05, pollActiveS: 5, pollIdleS: 5 },
  })
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  window = await scene.running.mainWindow()
  await window.setViewportSize({ width: 1_180, height: 820 })
  await window.getByRole('grid', { name: 'Pods' }).waitFor()
  await window.getByText('anna', { exact: true }).waitFor()
  // The window may have opened under the pointer, which holds the order of the list for up to a minute.
  await waitUntil(
    'the idle pods',
    async () => {
      await window.mouse.move(5, 5)
      return (await names()).join() === 'anna,bert,cleo,lost'
    },
    150_000,
  )
})
afterAll(() => scene?.close())

const rows = () => window.locator('tr.pod-row')
const names = async () => (await rows().locator('bdi').allTextContents()).slice(0, 4)
const row = (name: string) => window.locator('tr.pod-row', { has: window.getByText(name, { exact: true }) })
const focusedRow = () =>
  window.evaluate<string | undefined>('document.activeElement.querySelector(".row-name bdi")?.textContent')
const selectedText = () => window.getByRole('region', { name: 'Selected pods' }).textContent()

test('many pods are a table, whose first row is within 120 px and whose rows are 36 px high', async () => {
  const box = await rows().first().boundingBox()
  // The key is kept for this session only, which a banner says.
  const banner = await window.locator('.messages').boundingBox()
  expect(banner?.height).toBeLessThanOrEqual(40)
  expect((box?.y ?? 999) - (banner?.height ?? 0)).toBeLessThanOrEqual(120)
  const heights = await rows().evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height))
  expect(new Set(heights.map(Math.round))).toEqual(new Set([36]))
})

test('few rows are drawn, all are counted, and the last one is there once it is scrolled to', async () => {
  const grid = window.getByRole('grid', { name: 'Pods' })
  expect(Number(await grid.getAttribute('aria-rowcount'))).toBeGreaterThan(COUNT)
  expect(await rows().count()).toBeLessThan(60)
  await window.evaluate('document.querySelector("main").scrollTop = 1e6')
  const last = async () => Number(await rows().last().getAttribute('aria-rowindex'))
  // Groups, which have rows, too, come and go.
  await expect.poll(async () => (await last()) - Number(await grid.getAttribute('aria-rowcount'))).toBe(0)
  await window.evaluate('document.querySelector("main").scrollTop = 0')
  await expect.poll(names).toEqual(['anna', 'bert', 'cleo', 'lost'])
})

test('the table has no accessibility faults, and nothing scrolls sideways at any width', async () => {
  await loadAxe(window)
  for (const colorScheme of ['light', 'dark'] as const) {
    await window.emulateMedia({ colorScheme })
    expect(await axeFaults(window, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
  }
  for (const width of [360, 640, 900, 1_400, 2_000, 1_180]) {
    await window.setViewportSize({ width, height: 820 })
    const overflow = 'document.querySelector("main").scrollWidth - document.querySelector("main").clientWidth'
    await screenshot(window, `table-${width}`)
    // The table has its columns for a width some frames later.
    await expect
      .poll(async () => ({ width, overflow: await window.evaluate(overflow) }))
      .toEqual({ width, overflow: 0 })
  }
})

test('a search finds a pod that is not drawn, and a request scrolls to it', async () => {
  const name = createFleet(COUNT - 4, 7).at(-1)?.name ?? ''
  await window.keyboard.press('/')
  await window.keyboard.type(name)
  await expect.poll(() => rows().locator('bdi').allTextContents()).toContain(name)
  const id = await row(name).first().getAttribute('id')
  await window.keyboard.press('Escape')
  await expect.poll(names).toEqual(['anna', 'bert', 'cleo', 'lost'])
  const handle = await scene.running.app.browserWindow(window)
  await handle.evaluate(
    (one, about) =>
      (one as Electron.BrowserWindow).webContents.send('podkeeper:event:showPage', { page: 'pods', about }),
    id?.replace(/^pod-/, ''),
  )
  await expect.poll(() => window.evaluate('document.activeElement.id')).toBe(id)
  await window.evaluate('document.querySelector("main").scrollTop = 0')
  // The row with the focus stays, wherever it is.
  expect(await window.evaluate('document.activeElement.id')).toBe(id)
  await expect.poll(names).toEqual(['anna', 'bert', 'cleo', 'lost'])
})

test('columns sort in both directions, and the row under the pointer stays where it is', async () => {
  const sort = window.getByRole('columnheader', { name: /Name/ }).getByRole('button', { name: 'Name' })
  await row('cleo').hover()
  const y = async () => Math.round((await row('cleo').boundingBox())?.y ?? -1)
  const before = await y()
  await sort.focus()
  await window.keyboard.press('Enter')
  await expect
    .poll(() => window.getByRole('columnheader', { name: /Name/ }).getAttribute('aria-sort'))
    .toBe('ascending')
  expect(Math.abs((await y()) - before)).toBeLessThanOrEqual(36 * 3)
  await window.keyboard.press('Enter')
  await expect
    .poll(() => window.getByRole('columnheader', { name: /Name/ }).getAttribute('aria-sort'))
    .toBe('descending')
  await window
    .getByRole('columnheader', { name: /\$\/hr/ })
    .getByRole('button')
    .click()
  await window.mouse.move(5, 5)
  await window.evaluate('document.querySelector("main").scrollTop = 0')
  await expect.poll(names).toEqual(['anna', 'bert', 'cleo', 'lost'])
})

test('letters move, select and open, and the question mark lists all keys', async () => {
  await window.evaluate('document.activeElement.blur()')
  await window.keyboard.press('j')
  await expect.poll(focusedRow).toBe('anna')
  await window.keyboard.press('j')
  await window.keyboard.press('k')
  await window.keyboard.press('x')
  await expect.poll(selectedText).toMatch(/^1 selected/)
  await window.keyboard.press('Shift+J')
  await window.keyboard.press('Shift+J')
  await expect.poll(selectedText).toMatch(/^3 selected\$267\.00/)
  await window.keyboard.press('Enter')
  await expect.poll(() => window.locator(':focus').textContent()).toBe('cleo')
  await window.keyboard.press('Escape')
  await expect.poll(() => window.getByRole('dialog').count()).toBe(0)
  await expect.poll(focusedRow).toBe('cleo')
  await window.keyboard.press('?')
  await window.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await window.keyboard.press('Escape')
  await expect.poll(() => window.getByRole('dialog').count()).toBe(0)
  await expect.poll(focusedRow).toBe('cleo')
})

test('several pods are stopped after a list that leaves out what would lose everything, with one undo', async () => {
  for (const stroke of ['k', 'k', 'x', 'Shift+J', 'Shift+J', 'Shift+J']) await window.keyboard.press(stroke)
  await expect.poll(selectedText).toMatch(/^4 selected/)
  await window.keyboard.press('s')
  const dialog = window.getByRole('dialog', { name: 'Stop 4 pods?' })
  await dialog.waitFor()
  const boxes = await dialog.getByRole('checkbox').all()
  expect(await Promise.all(boxes.map((box) => box.isChecked()))).toEqual([true, true, true, false])
  expect(await dialog.textContent()).toContain('Select lost to stop it too.')
  await screenshot(window, 'table-stop')
  await dialog.getByRole('button', { name: /^Stop 3 pods, saves \$26\d\.\d\d/ }).click()
  await expect.poll(() => toasts(window).getByRole('listitem').count()).toBe(1)
  await expect.poll(() => toasts(window).textContent()).toMatch(/^Stopping 3 pods in \d+ s/)
  expect(actionsSent(scene)).toEqual([])
  await screenshot(window, 'table-undo')
  const shown = await followText(window, '.toasts')
  await window.keyboard.press('z')
  await expect.poll(shown).toContain('Stop undone: 3 pods')
  expect(actionsSent(scene)).toEqual([])
})

test('all pods are selected for automatic stops at once, and stopped and taken back with one undo', async () => {
  await window.getByRole('checkbox', { name: 'Select all pods that are shown' }).check()
  await expect.poll(selectedText).toMatch(/^200 selected/)
  await window.getByRole('button', { name: 'Auto-stop' }).click()
  await expect.poll(() => window.locator('.auto-stop-menu').textContent()).toMatch(/On for 0 of \d+\..*off/)
  await screenshot(window, 'table-auto-stop')
  const pods = /of (\d+)/.exec((await window.locator('.auto-stop-menu').textContent()) ?? '')?.[1]
  const isOnFor = async (count: string | undefined): Promise<void> => {
    await window.getByRole('button', { name: 'Auto-stop', exact: true }).click()
    await window.locator('.auto-stop-menu').getByText(`On for ${count} of ${pods}.`).waitFor()
  }
  await window.getByRole('menuitem', { name: 'Turn on' }).click()
  // It is there for some seconds.
  await window.getByRole('button', { name: `Undo: Auto-stop is on for ${pods} pods` }).click()
  await isOnFor('0')
  await window.getByRole('menuitem', { name: 'Turn on' }).click()
  await window.getByRole('button', { name: /^Undo: Auto-stop is on/ }).waitFor()
  await isOnFor(pods)
  await window.keyboard.press('Escape')
  await window.keyboard.press('s')
  const stop = window.getByRole('dialog').getByRole('button', { name: /^Stop \d+ pods, saves/ })
  const count = Number(/Stop (\d+)/.exec((await stop.textContent()) ?? '')?.[1])
  // More than a window may ask for one by one.
  expect(count).toBeGreaterThan(50)
  const shown = await followText(window, '.toasts')
  await stop.click()
  await expect.poll(shown).toContain(`Stopping ${count} pods in`)
  await window.keyboard.press('z')
  await expect.poll(shown).toContain(`Stop undone: ${count} pods`)
  expect(await window.locator('.toasts').textContent()).not.toContain('Too many requests')
  expect(actionsSent(scene)).toEqual([])
})

test('pods are grouped as the person chose, by keyboard too, as rows and as cards, and it is remembered', async () => {
  const group = async (by: string) => {
    await window.getByRole('button', { name: /Group by/ }).click()
    await window.getByRole('option', { name: by }).click()
  }
  const firstTitle = () => window.locator('thead h2').textContent()
  await group('GPU')
  await expect.poll(firstTitle).toMatch(/^\S.* \d+ pods? · \$[\d.,]+\/hr$/)
  await screenshot(window, 'table-by-gpu')
  await window.reload()
  await expect.poll(firstTitle).toMatch(/\d+ pods? · \$/)
  await window.getByRole('button', { name: /Group by/ }).focus()
  await window.keyboard.press('Enter')
  await window.getByRole('option', { name: 'Data center' }).waitFor()
  await window.keyboard.type('data')
  await window.keyboard.press('Enter')
  await expect.poll(firstTitle).toMatch(/^[A-Z]{2}-[A-Z]{2}-\d \d+ pods? · \$/)
  await window.evaluate('document.querySelector("main").scrollTop = 1e6')
  await window
    .getByRole('rowheader', { name: /^[A-Z]{2}-[A-Z]{2}-\d \d+ pods/ })
    .first()
    .waitFor()
  await window.evaluate('document.querySelector("main").scrollTop = 0')
  await group('None')
  await expect.poll(firstTitle).toMatch(new RegExp(`^All pods ${COUNT} pods`))
  await group('GPU')
  await window.getByRole('radio', { name: 'Cards' }).click()
  const region = window.getByRole('region', { name: /^H100 \S.* \d+ pods/ }).first()
  await region.getByRole('heading', { level: 2 }).waitFor()
  await screenshot(window, 'cards-by-gpu')
  await window.getByRole('radio', { name: 'Table' }).click()
  await group('State')
  await expect.poll(firstTitle).toMatch(/^Needs you/)
})

test('a pointer that rests on a figure of the strip shows its details, which Escape closes and a click keeps', async () => {
  const part = window.getByRole('button', { name: /^Current rate/ })
  const details = window.locator('.strip-details')
  await row('anna').focus()
  await part.hover()
  await expect.poll(() => details.textContent()).toMatch(/running/)
  // The keyboard stays where it was.
  expect(await window.evaluate('document.activeElement.matches("tr")')).toBe(true)
  await details.hover()
  await window.keyboard.press('Escape')
  await expect.poll(() => details.count()).toBe(0)
  await part.hover({ position: { x: 4, y: 4 } })
  await expect.poll(() => details.count()).toBe(1)
  await part.click()
  const dialog = window.getByRole('dialog', { name: 'Current rate' })
  await dialog.waitFor()
  await window.mouse.move(600, 700)
  await window.mouse.move(610, 700)
  expect(await dialog.isVisible()).toBe(true)
  await window.keyboard.press('Escape')
  await expect.poll(() => details.count()).toBe(0)
})

test('Escape clears the selection, and the layout that was chosen is remembered', async () => {
  await row('anna').focus()
  await window.keyboard.press('x')
  await expect.poll(selectedText).toMatch(/^1 selected/)
  await window.keyboard.press('Escape')
  await expect.poll(() => window.getByRole('region', { name: 'Selected pods' }).count()).toBe(0)
  await window.getByRole('radio', { name: 'Cards' }).click()
  await expect.poll(() => window.getByRole('article').count()).toBe(COUNT)
  await window.reload()
  await expect.poll(() => window.getByRole('article').count()).toBe(COUNT)
  await window.getByRole('radio', { name: 'Table' }).click()
  await window.getByRole('grid', { name: 'Pods' }).waitFor()
})
