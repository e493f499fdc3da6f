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

/** What a task takes, with the most that it may take. Keys and scrolling are no clicks. */
interface Measured {
  readonly task: string
  readonly measured: number
  readonly atMost: number
}

test('the tasks of a day take as few clicks, and the first pod as few pixels, as they should', async () => {
  const popover = scene.page
  await popover.setViewportSize({ width: 400, height: 720 })
  await window.evaluate('document.querySelector("main").scrollTop = 0')
  let clicks = 0
  const click = async (page: Page, name: string | RegExp): Promise<void> => {
    await page.getByRole('button', { name }).first().click()
    clicks += 1
  }
  const clicksOf = async (run: () => Promise<void>): Promise<number> => {
    clicks = 0
    await run()
    return clicks
  }
  /** Without the banner that tells of the other host, and the space around it. */
  const firstPodY = async (page: Page, space: number): Promise<number> => {
    const banner = (await page.locator('.messages').boundingBox())?.height ?? 0
    return Math.round((await page.getByRole('article').first().boundingBox())?.y ?? 999) - banner - space
  }
  /** The first pod, or the one that the popover opened, says why it is idle, in what is visible without scrolling. */
  const expectReasonAtOnce = async (page: Page, height: number): Promise<void> => {
    const reason = page.getByRole('article').locator('p.why').first()
    expect(await reason.textContent()).toMatch(/GPU \d+.*samples/)
    const box = await reason.boundingBox()
    expect((box?.y ?? height) + (box?.height ?? 0)).toBeLessThanOrEqual(height)
  }
  await section('Needs you').getByRole('heading', { name: 'mcmc-planck' }).waitFor({ timeout: 90_000 })
  const table: Measured[] = [
    { task: 'pixels to the first pod, window', measured: await firstPodY(window, 0), atMost: 120 },
    { task: 'pixels to the first pod, popover', measured: await firstPodY(popover, 14), atMost: 120 },
    {
      task: 'why a pod is idle',
      measured: await clicksOf(async () => {
        await expectReasonAtOnce(window, 820)
        await expectReasonAtOnce(popover, 720)
      }),
      atMost: 0,
    },
    {
      task: 'what stops when',
      measured: await clicksOf(async () => {
        await expect.poll(() => section('Next stops').textContent()).toContain('comfy-scratch')
      }),
      atMost: 0,
    },
    {
      task: 'stop a pod',
      measured: await clicksOf(async () => {
        await click(window, 'Stop pod mcmc-planck')
        await expect.poll(() => toasts(window).textContent()).toMatch(/Stopping mcmc-planck in/)
      }),
      atMost: 1,
    },
    {
      task: 'take that back',
      measured: await clicksOf(async () => {
        await click(window, /^Undo/)
        await expect.poll(() => toasts(window).textContent()).toContain('Stop undone: mcmc-planck')
      }),
      atMost: 1,
    },
    {
      task: 'stop all idle pods',
      measured: await clicksOf(async () => {
        await click(window, /^Stop both…/)
        await click(window, /^Stop mcmc-planck, saves/)
        await expect.poll(() => toasts(window).textContent()).toMatch(/Stopping mcmc-planck in/)
        await window.keyboard.press('z')
        await expect.poll(() => toasts(window).textContent()).toContain('Stop undone')
      }),
      atMost: 2,
    },
    {
      task: 'find a setting',
      measured: await clicksOf(async () => {
        await window.keyboard.press('Control+K')
        await window.keyboard.type('monthly budget')
        await window.keyboard.press('Enter')
        await window.getByRole('textbox', { name: 'Monthly budget' }).waitFor()
      }),
      atMost: 0,
    },
  ]
  expect(actionsSent(scene)).toEqual([])
  expect(table.filter(({ measured, atMost }) => measured > atMost)).toEqual([])
})
