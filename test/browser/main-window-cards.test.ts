import { describe, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { demoPods, TOUR_POD } from '../../src/simulator/demo-pods'
import { FULL_KEY } from '../../src/simulator/simulator-keys'
import type { SimulatedPodSpec } from '../../src/simulator/world/pod-spec'
import { type TestWindow, openWindow } from '../harness/browser/open-window'
import { actionsSent, card, toasts } from '../harness/browser/pods-scene'
import { openScene, podOf, type BrowserScene } from '../harness/browser/scene'

/* What needs the user comes first, and nothing moves because of an action. */

/** The demo's, of which none comes up by itself, and the tour's turns idle when a test says so. */
const pods = demoPods.map((pod): SimulatedPodSpec => {
  if (pod.name === 'eval-sweep-b') return { ...pod, startingS: 36_000, statusWhilePulling: 'STARTING' }
  return pod.name === TOUR_POD ? { ...pod, id: TOUR_POD, mode: 'training' } : pod
})
const settings = { bootMin: 0, idleAlertAfterMin: 0.1, pollActiveS: 5, pollIdleS: 5, undoS: 30 }

let scene: BrowserScene
let window: TestWindow

const section = (name: string) => window.getByRole('region', { name: new RegExp(`^${name}`) })

/** Until the pod that is idle from the start needs the user. */
async function untilIdle(): Promise<void> {
  await scene.advance(15_000)
  await expect
    .element(section('Needs attention').getByRole('heading', { name: 'comfy-scratch' }))
    .toBeVisible()
}

async function openCards(): Promise<void> {
  scene = await openScene({ pods, settings })
  window = await openWindow(scene)
  await untilIdle()
}

const heightOfMessages = (page: TestWindow) =>
  page.document.querySelector('.messages')?.getBoundingClientRect().height ?? 0
const firstPodY = (page: TestWindow, space = 0): number => {
  const first = page.document.querySelector('article, tr.pod-row')
  // Without the banner that tells of the other host, and the space around it.
  return Math.round(first?.getBoundingClientRect().top ?? 999) - heightOfMessages(page) - space
}

describe('the cards of the main window', () => {
  test('say how many pods a section has, and the state of a pod once', async () => {
    await openCards()
    expect(heightOfMessages(window)).toBeLessThanOrEqual(40)
    for (const name of ['Needs attention', 'Stopped'])
      await expect.element(section(name).getByRole('heading', { level: 2 })).toHaveTextContent(/\d/)
    const idle = card(window, 'comfy-scratch')
    expect((idle.element().textContent ?? '').match(/Idle \d+/g)).toHaveLength(1)
    // Nothing of it would survive, which the app's own window asks about.
    await expect
      .element(idle.getByRole('button', { name: 'Stop pod comfy-scratch' }))
      .toHaveTextContent(/^Stop pod…$/)
    expect(
      card(window, 'eval-sweep-b')
        .getByRole('button', { name: /Terminal/ })
        .elements(),
    ).toEqual([])
  })

  test('keep their heights and the focus at a stop, and J and K move through them', async () => {
    await openCards()
    const heights = () =>
      [...window.document.querySelectorAll('article')].map((one) => one.getBoundingClientRect().height)
    const focusedCard = () => window.document.activeElement?.closest('article')?.textContent ?? ''
    const before = heights()
    window.focusOn(card(window, 'llama-70b-sft').getByRole('button', { name: 'Stop llama-70b-sft' }))
    await userEvent.keyboard('{Enter}')
    await expect.element(toasts(window)).toHaveTextContent(/^Stopping llama-70b-sft in \d+ s/)
    expect(heights()).toEqual(before)
    await expect.poll(focusedCard).toContain('llama-70b-sft')
    await userEvent.keyboard('z')
    await expect.element(toasts(window)).toHaveTextContent('Stop undone: llama-70b-sft')
    expect(heights()).toEqual(before)
    await expect.poll(focusedCard).toContain('llama-70b-sft')
    expect(await actionsSent(scene)).toEqual([])

    ;(window.document.activeElement as HTMLElement).blur()
    const focusedName = () => window.document.activeElement?.querySelector('h3')?.textContent
    const first = window.document.querySelector('article h3')?.textContent
    await userEvent.keyboard('j')
    await expect.poll(focusedName).toBe(first)
    await userEvent.keyboard('j')
    expect(focusedName()).not.toBe(first)
    await userEvent.keyboard('k')
    await expect.poll(focusedName).toBe(first)
  })
})

/** What a task takes, with the most that it may take. Keys and scrolling are no clicks. */
interface Measured {
  readonly task: string
  readonly measured: number
  readonly atMost: number
}

describe('the tasks of a day', () => {
  test('take as few clicks, and the first pod as few pixels, as they should', async () => {
    const measured: Measured[] = []
    let clicks = 0
    async function click(name: string | RegExp): Promise<void> {
      await window.getByRole('button', { name }).first().click()
      clicks += 1
    }
    /** Counts the clicks of a task, each by `click`. */
    async function measureClicks(task: string, atMost: number, run: () => Promise<void>): Promise<void> {
      clicks = 0
      await run()
      measured.push({ task, measured: clicks, atMost })
    }
    const isStopping = (name: string) =>
      expect.element(toasts(window)).toHaveTextContent(new RegExp(`Stopping ${name} in`))
    /** The first pod, or the one that the popover opened, says why it is idle, in what is visible without scrolling. */
    function expectReasonAtOnce(page: TestWindow, height: number): void {
      const reason = page.document.querySelector('article p.why')
      expect(reason?.textContent).toMatch(/^GPU under \d+% since /)
      expect(reason?.getBoundingClientRect().bottom ?? 9_999).toBeLessThanOrEqual(height)
    }

    scene = await openScene({ pods, settings, isConnected: false })
    window = await openWindow(scene)
    await scene.setClipboard(FULL_KEY)
    await measureClicks('from the key to the pods', 1, async () => {
      await click('Paste key')
      await expect.element(window.getByRole('heading', { name: 'comfy-scratch' })).toBeVisible()
    })
    await untilIdle()
    const { accountId } = await podOf(scene, 'comfy-scratch')
    await scene.bridge.request('setAutoStop', accountId, 'all')
    await scene.runpod.setPod(TOUR_POD, { mode: 'idle' })
    await scene.advance(60_000)
    await expect.element(section('Needs attention').getByRole('heading', { name: TOUR_POD })).toBeVisible()
    const popover = await openWindow(scene, 'popover')
    await expect.element(card(popover, TOUR_POD)).toBeVisible()

    measured.push(
      { task: 'pixels to the first pod, window', measured: firstPodY(window), atMost: 120 },
      { task: 'pixels to the first pod, popover', measured: firstPodY(popover, 14), atMost: 120 },
    )
    await window.getByRole('radio', { name: 'Table' }).click()
    await expect.element(window.getByRole('grid', { name: 'Pods' })).toBeVisible()
    measured.push({ task: 'pixels to the first pod, table', measured: firstPodY(window), atMost: 120 })
    await window.getByRole('radio', { name: 'Cards' }).click()
    await expect.element(section('Needs attention')).toBeVisible()
    await measureClicks('why a pod is idle', 0, async () => {
      expectReasonAtOnce(window, 820)
      expectReasonAtOnce(popover, 720)
    })
    await measureClicks('what stops when', 0, async () => {
      const stops = section('Upcoming stops')
      await expect.element(stops).toHaveTextContent(/Held:/)
      expect(
        stops
          .getByRole('listitem')
          .elements()
          .map(({ textContent }) => textContent),
      ).toContainEqual(expect.stringMatching(/^comfy-scratch/))
    })
    await measureClicks('stop a pod', 1, async () => {
      await click('Stop pod mcmc-planck')
      await isStopping('mcmc-planck')
    })
    await measureClicks('take that back', 1, async () => {
      await click(/^Undo/)
      await expect.element(toasts(window)).toHaveTextContent('Stop undone: mcmc-planck')
    })
    await measureClicks('stop all idle pods', 2, async () => {
      await expect
        .element(window.getByRole('button', { name: /^Stop both idle…/ }))
        .toHaveTextContent(/saves \$\d/)
      await click(/^Stop both idle…/)
      await click(/^Stop mcmc-planck, saves/)
      await isStopping('mcmc-planck')
      await userEvent.keyboard('z')
      await expect.element(toasts(window)).toHaveTextContent('Stop undone')
    })
    await measureClicks('find a setting', 0, async () => {
      for (const [words, setting] of [
        ['dark', 'Appearance'],
        ['notification', 'Test notification'],
        ['ssh key', 'SSH private key'],
        ['api key', 'Accounts and API keys'],
        ['export', 'Export and import'],
        ['monthly budget', 'Monthly budget'],
      ] as const) {
        await userEvent.keyboard('{Control>}k{/Control}')
        await expect
          .poll(() => window.document.activeElement?.closest('.palette-field') ?? null)
          .not.toBeNull()
        await userEvent.keyboard(words)
        await expect.element(window.getByRole('option').filter({ hasText: setting }).first()).toBeVisible()
        if (words === 'monthly budget') break
        await userEvent.keyboard('{Escape}')
        await expect.poll(() => window.document.querySelector('[role=dialog]')).toBeNull()
      }
      await userEvent.keyboard('{Enter}')
      await expect.element(window.getByRole('textbox', { name: 'Monthly budget' })).toBeVisible()
    })
    // A shell in the demo is one click more: see test/e2e/demo.test.ts.
    expect(measured).toHaveLength(10)
    expect(measured.filter((one) => one.measured > one.atMost)).toEqual([])
    expect(await actionsSent(scene)).toEqual([])
  })
})

test('a pod that Runpod stopped says what was observed, with the ways out beside it, and none of it once it runs', async () => {
  scene = await openScene({
    pods: [{ id: 'llama', name: 'llama', mode: 'training', costPerHourUsd: 2 }],
    balanceUsd: 0.4,
    settings,
  })
  window = await openWindow(scene)
  const llama = card(window, 'llama')
  await expect.element(llama).toBeVisible()
  expect(llama.getByRole('button', { name: /^Rebuild elsewhere/ }).elements()).toEqual([])
  await scene.advance(20_000)
  await scene.runpod.interrupt('llama', 'service')
  await scene.advance(45_000)
  const said =
    /Stopped at .*Runpod says that it stopped the pod itself\. It doesn’t say why\. Your balance was \$0\.\d\d\. GPU use was \d+% \d+ s before\./
  await expect.element(llama.getByText(said)).toBeVisible()
  await expect.element(llama.getByRole('button', { name: 'Rebuild elsewhere: llama' })).toBeVisible()
  await llama.getByRole('button', { name: 'Show logs of llama' }).click()
  await expect.element(window.getByRole('tab', { name: 'Logs' })).toHaveAttribute('aria-selected', 'true')
  await window.getByRole('tab', { name: 'Overview' }).click()
  await expect.element(window.getByText(said)).toBeVisible()
  await expect.element(window.getByRole('button', { name: 'Rebuild elsewhere: llama' })).toBeVisible()
  await window
    .getByRole('button', { name: /^Start/ })
    .first()
    .click()
  await scene.advance(60_000)
  await expect.element(window.getByText(said)).not.toBeInTheDocument()
  await expect
    .element(window.getByRole('button', { name: 'Rebuild elsewhere: llama' }))
    .not.toBeInTheDocument()
})
