import { describe, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { createFleet } from '../../src/simulator/create-fleet'
import { demoPods, TOUR_POD } from '../../src/simulator/demo-pods'
import { FULL_KEY } from '../../src/simulator/simulator-keys'
import { type TestWindow, openWindow } from '../harness/browser/open-window'
import {
  actionsSent,
  card,
  focusedName,
  focusedPod,
  idlePods,
  scrollMain,
  tabTo,
  textsOf,
  toasts,
  VOLUME,
} from '../harness/browser/pods-scene'
import { openScene, type BrowserScene } from '../harness/browser/scene'

let scene: BrowserScene
let popover: TestWindow

/** Hides the popover and shows it again, as its page sees it. */
function reopen(): void {
  let isHidden = true
  Object.defineProperty(popover.document, 'visibilityState', {
    configurable: true,
    get: () => (isHidden ? 'hidden' : 'visible'),
  })
  popover.document.dispatchEvent(new Event('visibilitychange'))
  isHidden = false
  popover.document.dispatchEvent(new Event('visibilitychange'))
}

const names = () => textsOf(popover, 'article bdi')
const row = (name: string) => card(popover, name).getByRole('button', { name, exact: true })
const isOpen = (name: string): boolean =>
  popover.document.querySelector(`article [aria-label="Close ${name}"]`) !== null

/** Nothing is cut off in the narrowest window and in a usual one, and axe-core finds no fault in either theme. */
async function expectGoodLook(): Promise<void> {
  for (const width of [360, 400]) {
    popover.resize(width)
    await popover.nextFrame()
    expect(popover.overflow()).toEqual({ page: 0, tables: [] })
  }
  expect(await popover.axeFaults('all')).toEqual([])
  await popover.setColorScheme('dark')
  expect(await popover.axeFaults('contrast')).toEqual([])
  await popover.setColorScheme('light')
  expect(popover.document.getAnimations()).toEqual([])
}

/** Forty pods: what needs the user first, in rows that open, and at its top each time it opens. */
describe('the popover with forty pods', () => {
  async function openForty(): Promise<void> {
    scene = await openScene({
      pods: [...idlePods(['anna', 'bert']), ...createFleet(38, 7)],
      balanceUsd: 2_000,
      settings: {
        bootMin: 0,
        idleAlertAfterMin: 0.05,
        monthlyBudgetUsd: '500',
        pollActiveS: 5,
        pollIdleS: 5,
      },
    })
    await scene.advance(12_000)
    popover = await openWindow(scene, 'popover')
    await expect.poll(() => names().slice(0, 2)).toEqual(['anna', 'bert'])
    reopen()
    await expect.poll(() => isOpen('anna')).toBe(true)
  }

  test('has the first pod that needs the user open within 120 px, also below a banner of 40 px', async () => {
    await openForty()
    const top = popover.document.querySelector('article')?.getBoundingClientRect().top ?? 999
    // The accounts of tests are connected to another host than Runpod's, which is a banner.
    const banner = popover.document.querySelector('.messages')?.getBoundingClientRect().height ?? 0
    expect(banner).toBeLessThanOrEqual(40)
    // Without the banner and the space around it.
    expect(top - (banner + 14)).toBeLessThanOrEqual(120)
    const heights = [...popover.document.querySelectorAll('.pop-row')].map((one) => one.clientHeight)
    expect(new Set(heights)).toEqual(new Set([44]))
    await expectGoodLook()
    const [longest] = [...popover.document.querySelectorAll('h3[title]')].sort(
      (a, b) => (b.textContent?.length ?? 0) - (a.textContent?.length ?? 0),
    )
    longest?.scrollIntoView()
    await expectGoodLook()
    for (const pod of createFleet(200, 7).slice(40)) await scene.runpod.addPod(pod)
    await scene.advance(6_000)
    await expect.poll(() => names().length).toBe(200)
    popover.document.querySelectorAll('article')[199]?.scrollIntoView()
    await popover.nextFrame()
    expect(popover.overflow()).toEqual({ page: 0, tables: [] })
  })

  test('opens one pod at a time, by pointer and keyboard, which keeps the focus', async () => {
    await openForty()
    await row('bert').click()
    await expect.poll(() => isOpen('bert')).toBe(true)
    expect(isOpen('anna')).toBe(false)
    await userEvent.keyboard('{Escape}')
    await expect.poll(() => isOpen('bert')).toBe(false)
    await expect.poll(() => focusedPod(popover)).toBe('bert')
    await userEvent.keyboard('k')
    await expect.poll(() => focusedPod(popover)).toBe('anna')
    await userEvent.keyboard('{Enter}')
    await expect.poll(() => isOpen('anna')).toBe(true)
    await expect.poll(() => focusedPod(popover)).toBe('anna')

    // A row stops its pod without opening it.
    await card(popover, 'bert').hover()
    // The actions on the row leave its chevron where it is.
    const edge = (part: string, side: 'left' | 'right') =>
      card(popover, 'bert').element().querySelector(part)!.getBoundingClientRect()[side]
    expect(edge('.row-actions', 'right')).toBeLessThanOrEqual(edge(':scope > .icon', 'left'))
    await card(popover, 'bert').getByRole('button', { name: 'Stop bert' }).click()
    await expect.element(toasts(popover)).toHaveTextContent(/^Stopping bert in \d+ s/)
    expect(isOpen('bert')).toBe(false)
    await userEvent.keyboard('z')
    await expect.element(popover.getByText('Stop undone: bert').first()).toBeInTheDocument()
    expect(await actionsSent(scene)).toEqual([])
    await expect
      .poll(() => popover.getByRole('region', { name: 'Next' }).getByRole('listitem').elements())
      .toHaveLength(1)
    await expect
      .element(popover.getByRole('region', { name: 'Next' }).getByRole('listitem'))
      .toHaveTextContent(/^(\w+ )?\d\d:\d\d ?Balance runs out; Runpod deletes \d+ pods$/)
  })

  test('is at its top each time it opens, nothing is filtered, and typing filters', async () => {
    await openForty()
    ;(popover.document.activeElement as HTMLElement).blur()
    await userEvent.keyboard('/')
    await userEvent.keyboard('bert')
    await expect.poll(names).toEqual(['bert'])
    await userEvent.keyboard('{Escape}')
    await expect.poll(names).toHaveLength(40)
    scrollMain(popover, 600)
    ;(popover.document.activeElement as HTMLElement).blur()
    reopen()
    expect(popover.document.querySelector('main')?.scrollTop).toBe(0)
    await expect.poll(() => isOpen('anna')).toBe(true)
    await expect.poll(() => popover.document.activeElement?.className).toContain('search-input')
    await userEvent.keyboard('bert')
    await expect.poll(names).toEqual(['bert'])
    await userEvent.keyboard('{ArrowDown}')
    await expect.poll(() => focusedPod(popover)).toBe('bert')
    reopen()
    await expect.poll(names).toHaveLength(40)
  })
})

describe('the popover', () => {
  test('can be used with the keyboard alone: paste a key, stop a pod, undo that, stop it again, and start it', async () => {
    scene = await openScene({
      pods: [{ id: 'a', name: 'a', mode: 'training', ...VOLUME }],
      isConnected: false,
    })
    popover = await openWindow(scene, 'popover')
    await scene.setClipboard(FULL_KEY)
    await expect.poll(() => popover.document.activeElement?.id).toBe('api-key')
    await userEvent.keyboard('abc')
    await expect.element(popover.getByText('Keys can’t be typed here')).toBeVisible()
    await userEvent.keyboard('{Control>}v{/Control}')
    await expect.poll(names).toEqual(['a'])

    await tabTo(popover, 'Stop a')
    await userEvent.keyboard('{Enter}')
    // The focus stays on the card, and one letter undoes the stop.
    await expect.poll(() => focusedName(popover)).toBe('Terminal on a')
    await userEvent.keyboard('z')
    await expect.element(popover.getByText('Stop undone: a').first()).toBeInTheDocument()
    expect(focusedName(popover)).toBe('Terminal on a')
    expect(await actionsSent(scene)).toEqual([])

    await userEvent.keyboard('{Shift>}{Tab}{/Shift}')
    await tabTo(popover, 'Stop a')
    await userEvent.keyboard(' ')
    await expect.element(toasts(popover)).toHaveTextContent(/^Stopping a in \d+ s/)
    await scene.advance(120_000)
    await tabTo(popover, 'Start a')
    await userEvent.keyboard('{Enter}')
    await scene.advance(10_000)
    await expect.poll(() => actionsSent(scene)).toEqual(['stop a', 'start a'])

    await tabTo(popover, 'More')
    await userEvent.keyboard('{Enter}')
    await expect.poll(() => popover.getByRole('menuitem').elements().length).toBeGreaterThan(1)
    await expect.poll(() => popover.document.activeElement?.getAttribute('role')).toMatch(/^menuitem/)
    await userEvent.keyboard('{Escape}')
    await expect.poll(() => focusedName(popover)).toBe('More')
  })

  test('fits and has no accessibility faults at first run and without pods', async () => {
    scene = await openScene({ isConnected: false })
    popover = await openWindow(scene, 'popover')
    await expect.element(popover.getByText('Connect your Runpod account')).toBeVisible()
    await expectGoodLook()
    await scene.setClipboard(FULL_KEY)
    await popover.getByRole('button', { name: 'Paste key' }).click()
    await expect.element(popover.getByText('No pods').first()).toBeVisible()
    await expectGoodLook()
    // Without a list of pods, too.
    await userEvent.keyboard('?')
    await expect.element(popover.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  })

  test('fits and has no accessibility faults with pods, a stop that can be undone, an outage and a refused key', async () => {
    scene = await openScene({
      pods: demoPods.map((pod) => (pod.name === TOUR_POD ? { ...pod, mode: 'training' as const } : pod)),
      settings: { bootMin: 0, idleAlertAfterMin: 0.1, pollActiveS: 5, pollIdleS: 5, keyRetryS: 1 },
    })
    popover = await openWindow(scene, 'popover')
    await scene.advance(12_000)
    expect(names()).toHaveLength(5)
    await expect.poll(() => popover.text()).toMatch(/Idle \d+ s|Idle \d+ min/)
    await expectGoodLook()
    await popover.getByRole('button', { name: 'Stop mcmc-planck' }).click()
    await expect.element(toasts(popover)).toHaveTextContent('Stopping mcmc-planck in')
    await expectGoodLook()

    await scene.runpod.fault({ kind: 'reset-before' })
    await scene.advance(60_000)
    await expect.poll(() => popover.text()).toContain('no answer for')
    await expectGoodLook()
    await scene.runpod.clearFaults()
    await scene.runpod.fault({ kind: 'unauthorized' })
    await scene.advance(120_000)
    await expect.poll(() => popover.text()).toContain('key refused')
    await expectGoodLook()
  })
})
