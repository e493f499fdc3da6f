import { describe, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { createFleet } from '../../src/simulator/create-fleet'
import { demoPods } from '../../src/simulator/demo-pods'
import { FULL_KEY } from '../../src/simulator/simulator-keys'
import { type TestWindow, openWindow } from '../harness/browser/open-window'
import { actionsSent, card, focusedName, tabTo, textsOf, toasts, VOLUME } from '../harness/browser/pods-scene'
import { openScene, podOf, type BrowserScene } from '../harness/browser/scene'

let scene: BrowserScene
let window: TestWindow

const names = () => textsOf(window, 'article h3')
const activeElement = () => window.document.activeElement as HTMLElement | null
const isInDialog = () => activeElement()?.closest('[role=dialog]') !== null
const filter = (name: RegExp) => window.getByRole('radio', { name })
const openPage = (name: RegExp | string) =>
  window.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name }).click()
const heading = () => window.document.querySelector('h1')?.textContent
const dialogs = () => window.document.querySelectorAll('[role=dialog]').length

async function sortBy(name: string): Promise<void> {
  await window.getByRole('button', { name: /Sort by/ }).click()
  await window.getByRole('option', { name }).click()
}

/** A dialog takes the focus a moment after it is drawn, and keys only from then on. */
async function leaveDialog(): Promise<void> {
  await expect.poll(isInDialog).toBe(true)
  await userEvent.keyboard('{Escape}')
  await expect.poll(dialogs).toBe(0)
}

describe('the main window with 25 pods', () => {
  const pods = [...demoPods, ...createFleet(20, 7)]
  const stopped = pods.filter(({ mode }) => mode === 'stopped').map(({ name }) => name)
  const balanceUsd = 1_000

  async function openCards(): Promise<void> {
    scene = await openScene({ pods, balanceUsd })
    // The balance and what disks cost are read some time after the pods.
    await scene.advance(60_000)
    window = await openWindow(scene)
    // So many pods are a table by default.
    await window.getByRole('radio', { name: 'Cards' }).click()
    await expect.poll(names).toHaveLength(25)
  }

  test('shows a bar for each GPU, and what data is at risk, and fits in every width', async () => {
    await openCards()
    const eight = card(window, 'voice-scratch-007')
    await expect.element(eight).toHaveTextContent(/GPU 7: \d+%, memory \d+%/)
    expect(eight.getByRole('list').getByRole('listitem').elements()).toHaveLength(8)
    await expect.element(card(window, 'comfy-scratch')).toHaveTextContent('no volume')
    await expect.element(card(window, 'llama-70b-sft')).toHaveTextContent('network volume')
    await expect.element(card(window, 'mcmc-planck')).toHaveTextContent('volume 100 GB')
    const popover = await openWindow(scene, 'popover')
    await expect.element(card(popover, 'voice-scratch-007')).toBeInTheDocument()
    expect(card(popover, 'voice-scratch-007').getByRole('list').elements()).toEqual([])

    const main = window.document.querySelector('main')!
    for (const width of [360, 600, 719, 720, 900, 1_400, 2_000]) {
      window.resize(width, 900)
      await expect
        .poll(() => ({
          width,
          page: window.overflow().page,
          main: Math.max(0, main.scrollWidth - main.clientWidth),
        }))
        .toEqual({ width, page: 0, main: 0 })
    }
  })

  test('tells the current rate, its largest shares and how long the balance lasts in a strip, by keyboard too', async () => {
    await openCards()
    const strip = window.getByRole('region', { name: 'Money and counts' })
    await expect.element(strip).toHaveTextContent(/Current rate: \$[\d.]+\/hr/)
    await expect.element(strip).toHaveTextContent(/Balance\s?\d+ (min|h)/)
    await strip.getByRole('button', { name: /^Balance/ }).click()
    const balance = window.getByRole('dialog', { name: 'Balance' })
    await expect
      .element(balance)
      .toHaveTextContent(/Balance\s?\$[\d,]+\.\d\d ?Lasts at the current rate ?\d+ /)
    const text = balance.element().textContent ?? ''
    const shownUsd = Number(/\$([\d,.]+?\.\d\d)/.exec(text)?.[1]?.replace(',', ''))
    expect(shownUsd).toBeLessThanOrEqual(balanceUsd)
    expect(shownUsd).toBeGreaterThan(balanceUsd / 2)
    await leaveDialog()
    await strip.getByRole('button', { name: /^Current rate/ }).click()
    const summary = window.getByRole('dialog', { name: 'Current rate' })
    await expect.element(summary).toHaveTextContent(/\d+ running.*Current rate/)
    const all = summary
      .getByRole('listitem')
      .elements()
      .map(({ textContent }) => textContent ?? '')
    await leaveDialog()
    const parts = all.filter((part) => !part.startsWith('network volumes'))
    expect(parts).toHaveLength(6)
    expect(parts.at(-1)).toMatch(/^disks of stopped pods\$0\.\d\d\/hr · <1%$/)

    // The keyboard shows the details of a figure where it rests, one at a time, and Enter leads into them.
    const details = () => textsOf(window, '.strip-details')
    await card(window, 'comfy-scratch').hover()
    window.focusOn(window.getByRole('button', { name: /^Current rate/ }))
    await userEvent.keyboard('{Shift>}{Tab}{/Shift}{Tab}')
    await expect.poll(() => activeElement()?.textContent).toContain('/hr')
    await expect.poll(() => details().join('')).toMatch(/running/)
    expect(dialogs()).toBe(0)
    await userEvent.keyboard('{Tab}')
    await expect.poll(details).toEqual([expect.stringMatching(/^Balance/)])
    await userEvent.keyboard('{Escape}')
    await expect.poll(details).toEqual([])
    expect(activeElement()?.textContent).toMatch(/^Balance/)
    await userEvent.keyboard('{Enter}')
    await expect.element(window.getByRole('dialog', { name: 'Balance' })).toBeVisible()
    await leaveDialog()
    await expect.poll(details).toEqual([])
    await expect.poll(() => activeElement()?.textContent).toMatch(/^Balance/)
    await userEvent.keyboard('{Tab}')
    await expect.poll(() => details().join('')).toMatch(/idle/)
    await userEvent.keyboard('{Escape}')
  })

  test('is narrowed by search, filter and order, of which order and filter are remembered', async () => {
    await openCards()
    await userEvent.keyboard('/')
    await userEvent.keyboard('H200 EU-RO')
    await expect.poll(names).toEqual(['mcmc-planck'])
    expect(window.text()).toContain('1 of 25 shown')
    await userEvent.keyboard(' nowhere')
    await expect.element(window.getByText('No results').first()).toBeVisible()
    await window.getByRole('button', { name: 'Show all 25 pods' }).click()
    await expect.poll(names).toHaveLength(25)

    await filter(/^Stopped/).click()
    await expect.poll(() => names().toSorted()).toEqual(stopped.toSorted())
    await expect.element(window.getByRole('main')).toHaveTextContent(/Stopped 3 · disks cost \$\d/)
    await sortBy('Name')
    await expect.poll(names).toEqual(stopped.toSorted())
    window.close()
    window = await openWindow(scene, 'main', { keepsStorage: true })
    await expect.poll(names).toEqual(stopped.toSorted())
    await expect.element(filter(/^Stopped/)).toBeChecked()
    await expect.element(window.getByRole('button', { name: /Sort by/ })).toHaveTextContent('Name')
  })
})

describe('with the keyboard only', () => {
  const gpu = { id: 'NVIDIA H100 80GB HBM3', count: 1 }
  const pods = [
    {
      id: 'a',
      name: 'alpha',
      mode: 'training',
      costPerHourUsd: 1,
      persistent: { sizeGb: 20, path: '/workspace' },
    },
    { id: 'b', name: 'beta', mode: 'training', costPerHourUsd: 3, gpu },
    { id: 'c', name: 'gamma', mode: 'stopped' },
  ] as const

  test('a key is pasted with the initial focus, and pods are searched, filtered and sorted', async () => {
    scene = await openScene({ pods, isConnected: false })
    window = await openWindow(scene)
    await scene.setClipboard(FULL_KEY)
    await expect.poll(() => activeElement()?.id).toBe('api-key')
    await userEvent.keyboard('{Control>}v{/Control}')
    await expect.poll(names).toEqual(['beta', 'alpha', 'gamma'])

    await userEvent.keyboard('/')
    await userEvent.keyboard('h100')
    await expect.poll(names).toEqual(['beta'])
    await userEvent.keyboard('{Escape}')
    await expect.poll(names).toHaveLength(3)
    await tabTo(window, /^All/)
    await userEvent.keyboard('{Control>}f{/Control}')
    expect(focusedName(window)).toBe('Search pods')

    await tabTo(window, /^All/)
    await userEvent.keyboard('{ArrowRight}{ArrowRight} ')
    await expect.poll(names).toEqual(['gamma'])
    await userEvent.keyboard('{ArrowLeft}{ArrowLeft} ')
    await expect.poll(names).toHaveLength(3)
    await tabTo(window, /Price/)
    await userEvent.keyboard('{Enter}')
    await expect.poll(() => window.getByRole('option').elements()).toHaveLength(6)
    // The list has the focus a moment after it is shown.
    await expect.poll(() => activeElement()?.getAttribute('role')).toBe('option')
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}{Enter}')
    await expect.poll(names).toEqual(['alpha', 'beta', 'gamma'])
  })

  test('a pod is stopped, undone, stopped again and started, and a setting is changed', async () => {
    scene = await openScene({ pods, settings: { undoS: 20 } })
    window = await openWindow(scene)
    await expect.poll(names).toHaveLength(3)
    await tabTo(window, /^Stop alpha$/)
    await userEvent.keyboard('{Enter}')
    await expect.element(window.getByRole('button', { name: 'Undo: stop alpha' })).toBeVisible()
    await tabTo(window, /^Undo: stop alpha$/)
    await userEvent.keyboard(' ')
    await expect.element(toasts(window)).toHaveTextContent('Stop undone: alpha')
    expect(await actionsSent(scene)).toEqual([])
    await tabTo(window, /^Stop alpha$/)
    await userEvent.keyboard(' ')
    await expect.element(window.getByRole('button', { name: 'Undo: stop alpha' })).toBeVisible()
    await scene.advance(90_000)
    await tabTo(window, /^Start alpha$/)
    await userEvent.keyboard('{Enter}')
    await scene.advance(10_000)
    await expect.poll(() => actionsSent(scene)).toEqual(['stop a', 'start a'])

    await tabTo(window, /^Pods$/, '{Shift>}{Tab}{/Shift}')
    expect(activeElement()?.getAttribute('aria-current')).toBe('page')
    // The focus is visible.
    expect(window.global.getComputedStyle(activeElement()!).outlineStyle).toBe('solid')

    await userEvent.keyboard('{Control>},{/Control}')
    await expect.poll(heading).toBe('Settings')
    await expect.element(window.getByLabelText('Undo time', { exact: true })).toBeVisible()
    await tabTo(window, /^Undo time/)
    await userEvent.keyboard('{Control>}a{/Control}')
    await userEvent.keyboard('7')
    await userEvent.keyboard('{Enter}')
    await scene.advance(5_000)
    const file = `${await scene.folder()}/config.json`
    await expect.poll(() => scene.readTextFile(file)).toMatch(/"undoS": 7\b/)
    await tabTo(window, /^Pods$/, '{Shift>}{Tab}{/Shift}')
    await userEvent.keyboard('{Enter}')
    await expect.poll(names).toHaveLength(3)
  })

  test('letters that are typed while the palette opens do nothing on the page', async () => {
    scene = await openScene({ pods: [{ id: 'a', name: 'a', mode: 'training' }] })
    window = await openWindow(scene)
    await expect.poll(names).toEqual(['a'])
    // In one turn of the page, so that nothing is drawn in between.
    const { KeyboardEvent } = window.global
    for (const init of [{ key: 'k', ctrlKey: true }, { key: 'n' }])
      window.document.body.dispatchEvent(
        new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }),
      )
    await expect.poll(() => activeElement()?.closest('.palette-field')).not.toBeNull()
    await userEvent.keyboard('{Escape}')
    await expect.poll(dialogs).toBe(0)
    expect(heading()).toBe('Pods')
    await userEvent.keyboard('n')
    await expect.poll(heading).toBe('New pod')
  })
})

/** The scroll position, the focus, and the selection. */
describe('on every page of the main window', () => {
  async function openElevenPods(): Promise<void> {
    const quick = { id: 'quick', name: 'quick', mode: 'training' as const, costPerHourUsd: 99, ...VOLUME }
    scene = await openScene({
      pods: [quick, ...createFleet(11, 7)],
      balanceUsd: 2_000,
      settings: { undoS: 5 },
    })
    window = await openWindow(scene)
    await expect.element(card(window, 'quick')).toBeVisible()
  }
  const scrollTop = () => Math.round(window.document.querySelector('main')?.scrollTop ?? -1)
  const scrollTo = (y: number) => window.document.querySelector('main')?.scrollTo(0, y)

  test('the scroll position is kept, one that was not shown begins at its top, and a requested pod is scrolled to', async () => {
    await openElevenPods()
    await openPage(/^Settings/)
    await window.getByRole('button', { name: 'Alerts', exact: true }).click()
    await expect.poll(scrollTop).toBe(0)
    scrollTo(500)
    await openPage(/^Pods/)
    await expect.poll(scrollTop).toBe(0)
    scrollTo(250)
    await openPage(/^Activity/)
    await expect.poll(scrollTop).toBe(0)
    await openPage(/^Settings/)
    await expect.poll(scrollTop).toBe(500)
    await openPage(/^Pods/)
    await expect.poll(scrollTop).toBe(250)

    await openPage(/^Settings/)
    const { key } = await podOf(scene, 'quick')
    await scene.bridge.request('openWindowAt', 'pods', key)
    await expect.poll(() => activeElement()?.id).toBe(`pod-${key}`)
    const top = card(window, 'quick').element().getBoundingClientRect().top
    expect(top).toBeGreaterThanOrEqual(48)
    expect(top).toBeLessThan(820)
  })

  test('Ctrl+A selects within a field only, and a switch with the focus has one ring', async () => {
    await openElevenPods()
    window.document.querySelector('main')?.focus()
    await userEvent.keyboard('{Control>}a{/Control}')
    expect(String(window.global.getSelection())).toBe('')
    await userEvent.keyboard('/')
    await userEvent.keyboard('quick{Control>}a{/Control}q')
    await expect.element(window.getByRole('searchbox')).toHaveValue('q')
    await userEvent.keyboard('{Escape}')

    await openPage(/^Settings/)
    window.focusOn(window.getByRole('switch').first())
    await userEvent.keyboard('{Shift>}{Tab}{/Shift}{Tab}')
    const focused = window.document.querySelector('.switch[data-focus-visible]')!
    // Without the field that is there for assistive technology only.
    const parts = [focused, ...focused.querySelectorAll('*')].filter(({ tagName }) => tagName !== 'INPUT')
    const ringed = parts.filter((one) => window.global.getComputedStyle(one).outlineStyle === 'solid')
    expect(ringed).toHaveLength(1)
  })

  test('the focus goes back to the pod when the time to undo is over', async () => {
    await openElevenPods()
    await card(window, 'quick').getByRole('button', { name: 'Stop quick' }).click()
    const undo = toasts(window).getByRole('button', { name: /^Undo/ })
    await expect.element(undo).toBeVisible()
    window.focusOn(undo)
    await scene.advance(10_000)
    await expect.element(undo).not.toBeInTheDocument()
    await expect.poll(() => activeElement()?.textContent).toContain('quick')
    expect(activeElement()).not.toBe(window.document.body)
  })

  test('at twice the size the account is on one line beside the pages, and nothing scrolls sideways', async () => {
    await openElevenPods()
    const host = window.getByText(/^127\.0\.0\.1:\d+$/)
    for (const width of [590, 640, 720]) {
      window.resize(width, 410)
      // Below 640 px the pages are a bar at the bottom.
      if (width >= 640) {
        await expect.element(host.first()).toBeVisible()
        expect(host.first().element().getBoundingClientRect().height).toBeLessThan(24)
      } else {
        await expect
          .poll(() => window.document.querySelector('.whose')?.checkVisibility() ?? false)
          .toBe(false)
      }
      expect(window.overflow().page).toBe(0)
    }
  })
})
