import { describe, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { createFleet } from '../../src/simulator/create-fleet'
import { type TestWindow, openWindow } from '../harness/browser/open-window'
import { actionsSent, focusedPod, idlePods, scrollMain, textsOf, toasts } from '../harness/browser/pods-scene'
import { openScene, type BrowserScene } from '../harness/browser/scene'

/* Two hundred pods in a table: drawn in part, complete for search and screen readers, and operated by keyboard. */

const COUNT = 200
const TURN_ON = 'Turn on auto-stop for this account?'
const FIRST = ['anna', 'bert', 'cleo', 'lost']
const fleet = createFleet(COUNT - FIRST.length, 7)

let scene: BrowserScene
let window: TestWindow

/** With `count` pods, of which those that need the user come first. */
async function openTable(count: number): Promise<void> {
  const lost = { id: 'lost', name: 'lost', mode: 'idle' as const, costPerHourUsd: 80 }
  scene = await openScene({
    pods: [...idlePods(['anna', 'bert', 'cleo']), lost, ...fleet.slice(FIRST.length - count)],
    balanceUsd: 20_000,
    settings: { bootMin: 0, idleAlertAfterMin: 0.05, pollActiveS: 5, pollIdleS: 5 },
  })
  await scene.advance(12_000)
  window = await openWindow(scene)
  await expect.poll(names).toEqual(FIRST)
}

const rows = () => [...window.document.querySelectorAll('tr.pod-row')]
const names = () => textsOf(window, 'tr.pod-row bdi').slice(0, 4)
const row = (name: string) => window.getByRole('row').filter({ has: page.getByText(name, { exact: true }) })
const rowElement = (name: string): Element | undefined =>
  rows().find((one) => one.querySelector('bdi')?.textContent === name)
const selectedText = () => window.document.querySelector('[aria-label="Selected pods"]')?.textContent ?? ''
const columnHeader = (name: RegExp) => window.getByRole('columnheader', { name })
const firstTitle = () => window.document.querySelector('thead h2')?.textContent

describe('the table of pods', () => {
  test('has rows of 36 px from 120 px on, draws few of them, counts all, and fits in every width', async () => {
    await openTable(COUNT)
    const top = rows()[0]?.getBoundingClientRect().top ?? 999
    // The accounts of tests are connected to another host than Runpod's, which is a banner.
    const banner = window.document.querySelector('.messages')?.getBoundingClientRect().height ?? 0
    expect(banner).toBeLessThanOrEqual(40)
    expect(top - banner).toBeLessThanOrEqual(120)
    expect(new Set(rows().map((one) => Math.round(one.getBoundingClientRect().height)))).toEqual(
      new Set([36]),
    )

    const rowCount = () => Number(window.document.querySelector('[role=grid]')?.getAttribute('aria-rowcount'))
    await expect.element(window.getByRole('grid', { name: 'Pods' })).toBeVisible()
    expect(rowCount()).toBeGreaterThan(COUNT)
    expect(rows().length).toBeLessThan(60)
    scrollMain(window, 1e6)
    await expect.poll(() => Number(rows().at(-1)?.getAttribute('aria-rowindex'))).toBe(rowCount())
    scrollMain(window, 0)
    await expect.poll(names).toEqual(FIRST)

    // Without a pod that matches there is no heading of columns either.
    await userEvent.keyboard('/')
    await userEvent.keyboard('no such pod')
    await expect.element(window.getByText('No results')).toBeVisible()
    expect(window.document.querySelector('[role=grid]')).toBeNull()
    await userEvent.keyboard('{Escape}')
    await expect.poll(names).toEqual(FIRST)

    for (const width of [360, 640, 900, 1_400, 2_000, 1_180]) {
      window.resize(width)
      // The table has its columns for a width some frames later.
      await expect.poll(() => ({ width, wide: widePart() })).toEqual({ width, wide: null })
    }
    await window.setColorScheme('light')
    expect(await window.axeFaults('all')).toEqual([])
    await window.setColorScheme('dark')
    expect(await window.axeFaults('contrast')).toEqual([])
  })

  test('finds a pod that is not drawn by search, and scrolls to it on request', async () => {
    await openTable(100)
    const name = fleet.at(-1)?.name ?? ''
    await userEvent.keyboard('/')
    await userEvent.keyboard(name)
    await expect.poll(() => textsOf(window, 'tr.pod-row bdi')).toContain(name)
    const id = rowElement(name)?.id ?? ''
    await userEvent.keyboard('{Escape}')
    await expect.poll(names).toEqual(FIRST)
    await scene.bridge.request('openWindowAt', 'pods', id.replace(/^pod-/, ''))
    await expect.poll(() => window.document.activeElement?.id).toBe(id)
    scrollMain(window, 0)
    // The row with the focus stays, wherever it is.
    expect(window.document.activeElement?.id).toBe(id)
    await expect.poll(names).toEqual(FIRST)
  })

  test('sorts by a column in both directions, and the row under the pointer stays where it is', async () => {
    await openTable(40)
    await row('cleo').hover()
    const y = () => Math.round(rowElement('cleo')?.getBoundingClientRect().top ?? -1)
    const before = y()
    window.focusOn(columnHeader(/Name/).getByRole('button', { name: 'Name' }))
    await userEvent.keyboard('{Enter}')
    await expect.element(columnHeader(/Name/)).toHaveAttribute('aria-sort', 'ascending')
    expect(Math.abs(y() - before)).toBeLessThanOrEqual(36 * 3)
    await userEvent.keyboard('{Enter}')
    await expect.element(columnHeader(/Name/)).toHaveAttribute('aria-sort', 'descending')
    await columnHeader(/\$\/hr/)
      .getByRole('button')
      .click()
    scrollMain(window, 0)
    await expect.poll(names).toEqual(FIRST)
  })

  test('is operated by letters: they move, select, open, and stop several pods with one undo', async () => {
    await openTable(40)
    const open = () => window.document.querySelectorAll('[role=dialog]').length
    await userEvent.keyboard('j')
    await expect.poll(() => focusedPod(window)).toBe('anna')
    await userEvent.keyboard('jkx')
    await expect.poll(selectedText).toMatch(/^1 idle pod wastes/)
    await userEvent.keyboard('{Shift>}JJ{/Shift}')
    await expect.poll(selectedText).toMatch(/^3 idle pods waste \$267\.00/)
    await userEvent.keyboard('{Enter}')
    await expect.poll(() => window.document.activeElement?.textContent).toBe('cleo')
    await userEvent.keyboard('{Escape}')
    await expect.poll(open).toBe(0)
    await expect.poll(() => focusedPod(window)).toBe('cleo')
    await userEvent.keyboard('?')
    await expect.element(window.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
    await userEvent.keyboard('{Escape}')
    await expect.poll(open).toBe(0)
    await expect.poll(() => focusedPod(window)).toBe('cleo')

    await userEvent.keyboard('kkx{Shift>}JJJ{/Shift}')
    await expect.poll(selectedText).toMatch(/^4 idle pods waste/)
    await userEvent.keyboard('s')
    // What would lose everything is left out at first.
    const dialog = window.getByRole('dialog', { name: 'Stop 3 idle pods?' })
    await expect.element(dialog).toHaveTextContent('lost would lose all data and is left out.')
    const boxes = dialog.getByRole('checkbox').elements() as HTMLInputElement[]
    expect(boxes.map(({ checked }) => checked)).toEqual([true, true, true, false])
    await dialog.getByRole('button', { name: /^Stop 3 pods, saves \$26\d\.\d\d/ }).click()
    await expect.element(toasts(window)).toHaveTextContent(/^Stopping 3 pods in \d+ s/)
    expect(toasts(window).getByRole('listitem').elements()).toHaveLength(1)
    await userEvent.keyboard('z')
    await expect.element(window.getByText('Stop undone: 3 pods').first()).toBeInTheDocument()
    await scene.advance(60_000)
    expect(await actionsSent(scene)).toEqual([])

    await userEvent.keyboard('{Escape}')
    await expect.poll(selectedText).toBe('')
  })

  test('turns on auto-stop for all pods at once and stops them at once, each with one undo', async () => {
    await openTable(100)
    await window.getByRole('checkbox', { name: 'Select all pods that are shown' }).click()
    await expect.poll(selectedText).toMatch(/^100 selected/)
    const menu = () => window.document.querySelector('.auto-stop-menu')?.textContent ?? ''
    const open = () => window.getByRole('button', { name: 'Auto-stop', exact: true }).click()
    await open()
    await expect.poll(menu).toMatch(/On for 0 of \d+\..*off/)
    const pods = /of (\d+)/.exec(menu())?.[1]
    await window.getByRole('menuitem', { name: 'Turn on' }).click()
    await scene.bridge.answerQuestion(TURN_ON, 'Turn on auto-stop')
    await window.getByRole('button', { name: `Undo: Auto-stop is on for ${pods} pods` }).click()
    // Until the notice that covers the button is gone.
    await scene.advance(10_000)
    await open()
    await expect.poll(menu).toMatch(/On for 0 of \d+\..*off/)
    await window.getByRole('menuitem', { name: 'Turn on' }).click()
    await scene.bridge.answerQuestion(TURN_ON, 'Turn on auto-stop')
    await expect.element(window.getByRole('button', { name: /^Undo: Auto-stop is on/ })).toBeVisible()
    await scene.advance(10_000)
    await open()
    await expect.poll(menu).toContain(`On for ${pods} of ${pods}.`)
    await userEvent.keyboard('{Escape}')
    await userEvent.keyboard('s')
    const stop = window.getByRole('dialog').getByRole('button', { name: /^Stop \d+ pods, saves/ })
    await expect.element(stop).toBeVisible()
    const count = Number(/Stop (\d+)/.exec(stop.element().textContent ?? '')?.[1])
    // More than a window may ask for one by one.
    expect(count).toBeGreaterThan(50)
    await stop.click()
    await expect.element(toasts(window)).toHaveTextContent(`Stopping ${count} pods in`)
    await userEvent.keyboard('z')
    await expect.element(window.getByText(`Stop undone: ${count} pods`).first()).toBeInTheDocument()
    expect(window.text()).not.toContain('Too many requests')
    await scene.advance(60_000)
    expect(await actionsSent(scene)).toEqual([])
  })

  test('groups pods as the person chose, by keyboard too, as rows and as cards, and remembers it', async () => {
    await openTable(100)
    const group = async (by: string) => {
      await window.getByRole('button', { name: /Group by/ }).click()
      await window.getByRole('option', { name: by }).click()
    }
    await group('GPU')
    await expect.poll(firstTitle).toMatch(/^\S.* \d+ pods? · \$[\d.,]+\/hr$/)
    window.close()
    window = await openWindow(scene, 'main', { keepsStorage: true })
    await expect.poll(firstTitle).toMatch(/^\S.* \d+ pods? · \$[\d.,]+\/hr$/)
    await expect.poll(firstTitle).not.toMatch(/^Needs attention/)
    window.focusOn(window.getByRole('button', { name: /Group by/ }))
    await userEvent.keyboard('{Enter}')
    await expect.element(window.getByRole('option', { name: 'Data center' })).toBeVisible()
    await userEvent.keyboard('data')
    await userEvent.keyboard('{Enter}')
    await expect.poll(firstTitle).toMatch(/^[A-Z]{2}-[A-Z]{2}-\d \d+ pods? · \$/)
    scrollMain(window, 1e6)
    await expect
      .poll(() => textsOf(window, 'tbody [role=rowheader], tbody th').join('\n'))
      .toMatch(/^[A-Z]{2}-[A-Z]{2}-\d \d+ pods/m)
    scrollMain(window, 0)
    await group('None')
    await expect.poll(firstTitle).toMatch(/^All pods 100 pods/)
    await group('GPU')
    await window.getByRole('radio', { name: 'Cards' }).click()
    await expect.poll(() => textsOf(window, 'section h2').join('\n')).toMatch(/^H100 \S.* \d+ pods/m)
    await window.getByRole('radio', { name: 'Table' }).click()
    await group('State')
    await expect.poll(firstTitle).toMatch(/^Needs attention/)

    await window.getByRole('radio', { name: 'Cards' }).click()
    await expect.poll(() => window.document.querySelectorAll('article').length).toBe(100)
    window.close()
    window = await openWindow(scene, 'main', { keepsStorage: true })
    await expect.poll(() => window.document.querySelectorAll('article').length).toBe(100)
    await window.getByRole('radio', { name: 'Table' }).click()
    await expect.element(window.getByRole('grid', { name: 'Pods' })).toBeVisible()
  })

  test('keeps the focus while a pointer rests on a figure of the strip, whose details Escape closes and a click keeps', async () => {
    await openTable(40)
    const part = window.getByRole('button', { name: /^Current rate/ })
    const details = () => textsOf(window, '.strip-details')
    window.focusOn(row('anna'))
    await part.hover()
    await expect.poll(() => details().join('')).toMatch(/running/)
    // The keyboard stays where it was.
    expect(window.document.activeElement?.matches('tr')).toBe(true)
    await userEvent.hover(window.getByText('disks of stopped pods'))
    await userEvent.keyboard('{Escape}')
    await expect.poll(details).toEqual([])
    await userEvent.hover(part, { position: { x: 4, y: 4 } })
    await expect.poll(details).toHaveLength(1)
    await part.click()
    const dialog = window.getByRole('dialog', { name: 'Current rate' })
    await expect.element(dialog).toBeVisible()
    await userEvent.hover(dialog)
    await row('anna').hover({ force: true })
    expect(dialog.elements()).toHaveLength(1)
    await userEvent.keyboard('{Escape}')
    await expect.poll(details).toEqual([])
  })
})

/** What is cut off of the page or makes it scroll sideways. */
function widePart(): string | null {
  const main = window.document.querySelector('main')!
  if (main.scrollWidth <= main.clientWidth && window.overflow().page === 0) return null
  const right = main.getBoundingClientRect().left + main.clientWidth
  const wide = [...main.querySelectorAll('*')].find((one) => one.getBoundingClientRect().right > right)
  return `${main.scrollWidth} of ${main.clientWidth} px: ${wide?.tagName} ${wide?.getAttribute('class')}`
}
