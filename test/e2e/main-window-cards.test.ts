import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoPods, TOUR_POD } from '../../src/simulator/demo'
import { FULL_KEY } from '../../src/simulator/simulator'
import type { SimulatedPodSpec } from '../../src/simulator/world/pod-spec'
import { followText } from '../harness/app/act/follow-text'
import { answerQuestion } from '../harness/app/act/questions'
import { waitUntil } from '../harness/app/act/wait-until'
import { actionsSent, card, openScene, type Scene, toasts } from '../harness/app/start/scene'

/* What needs the user comes first, and nothing moves because of an action or under the pointer. */

let scene: Scene
let window: Page

/** The demo's, of which none comes up or turns idle by itself: a card would change and move while a test looks. */
const pods = demoPods.map((pod): SimulatedPodSpec => {
  if (pod.name === 'eval-sweep-b') return { ...pod, startingS: 36_000 }
  return pod.name === TOUR_POD ? { ...pod, id: TOUR_POD, mode: 'training' } : pod
})

/** What a task takes, with the most that it may take. Keys and scrolling are no clicks. */
interface Measured {
  readonly task: string
  readonly measured: number
  readonly atMost: number
}
const measured: Measured[] = []

let clicks = 0
async function click(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('button', { name }).first().click()
  clicks += 1
}
/** Counts the clicks of a task, each by `click`. */
async function measureClicks(task: string, atMost: number, run: () => Promise<void>): Promise<void> {
  clicks = 0
  await run()
  measured.push({ task, measured: clicks, atMost })
}

beforeAll(async () => {
  scene = await openScene({
    pods,
    settings: { undoS: 60, idleAlertAfterMin: 0.1 },
    // A computer without SSH keys.
    launch: {
      env: {
        HOME: await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'home-')),
        SSH_AUTH_SOCK: '',
      },
    },
  })
  await scene.page.evaluate("window.app.openWindow('pods')")
  window = await scene.running.mainWindow()
  await window.setViewportSize({ width: 1_180, height: 820 })
  await scene.running.app.evaluate(({ clipboard }, key) => clipboard.writeText(key), FULL_KEY)
  await measureClicks('from the key to the pods', 1, async () => {
    await click(window, 'Paste key')
    await window.getByRole('heading', { name: 'comfy-scratch' }).waitFor()
  })
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
  // Otherwise this line could come meanwhile.
  await card(window, 'eval-sweep-b').getByText('Pulling the image').waitFor()
  const before = await heights()
  await card(window, 'llama-70b-sft').getByRole('button', { name: 'Stop llama-70b-sft' }).focus()
  await window.keyboard.press('Enter')
  await expect.poll(() => toasts(window).textContent()).toMatch(/^Stopping llama-70b-sft in \d+ s/)
  expect(await heights()).toEqual(before)
  await expect.poll(focusedCard).toContain('llama-70b-sft')
  const shown = await followText(window, '.toasts')
  await window.keyboard.press('z')
  await expect.poll(shown).toContain('Stop undone: llama-70b-sft')
  expect(await heights()).toEqual(before)
  await expect.poll(focusedCard).toContain('llama-70b-sft')
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
    .poll(() => stops.getByRole('listitem').allTextContents())
    .toContainEqual(expect.stringMatching(/^comfy-scratch/))
  await expect.poll(() => stops.textContent()).toMatch(/Held:/)
})

const firstPodY = async (page: Page, space = 0): Promise<number> => {
  // Without the banner that tells of the other host, and the space around it.
  const banner = (await page.locator('.messages').boundingBox())?.height ?? 0
  const first = page.locator('article, tr.pod-row').first()
  return Math.round((await first.boundingBox())?.y ?? 999) - banner - space
}

/** The first pod, or the one that the popover opened, says why it is idle, in what is visible without scrolling. */
async function expectReasonAtOnce(page: Page, height: number): Promise<void> {
  const reason = page.getByRole('article').locator('p.why').first()
  expect(await reason.textContent()).toMatch(/GPU \d+.*samples/)
  const box = await reason.boundingBox()
  expect((box?.y ?? height) + (box?.height ?? 0)).toBeLessThanOrEqual(height)
}

test('the tasks of a day take as few clicks, and the first pod as few pixels, as they should', async () => {
  const popover = scene.page
  await popover.setViewportSize({ width: 400, height: 720 })
  await window.evaluate('document.querySelector("main").scrollTop = 0')
  scene.runpod.setPod(TOUR_POD, { mode: 'idle' })
  await section('Needs you').getByRole('heading', { name: 'mcmc-planck' }).waitFor()
  measured.push(
    { task: 'pixels to the first pod, window', measured: await firstPodY(window), atMost: 120 },
    { task: 'pixels to the first pod, popover', measured: await firstPodY(popover, 14), atMost: 120 },
  )
  await window.getByRole('radio', { name: 'Table' }).click()
  await window.getByRole('grid', { name: 'Pods' }).waitFor()
  measured.push({ task: 'pixels to the first pod, table', measured: await firstPodY(window), atMost: 120 })
  await window.getByRole('radio', { name: 'Cards' }).click()
  await section('Needs you').waitFor()
  await measureClicks('why a pod is idle', 0, async () => {
    await expectReasonAtOnce(window, 820)
    await expectReasonAtOnce(popover, 720)
  })
  await measureClicks('what stops when', 0, async () => {
    await expect.poll(() => section('Next stops').textContent()).toContain('comfy-scratch')
  })
  await measureClicks('stop a pod', 1, async () => {
    await click(window, 'Stop pod mcmc-planck')
    await expect.poll(() => toasts(window).textContent()).toMatch(/Stopping mcmc-planck in/)
  })
  await measureClicks('take that back', 1, async () => {
    const shown = await followText(window, '.toasts')
    await click(window, /^Undo/)
    await expect.poll(shown).toContain('Stop undone: mcmc-planck')
  })
  await measureClicks('stop all idle pods', 2, async () => {
    expect(await window.getByRole('button', { name: /^Stop both…/ }).textContent()).toMatch(/saves \$\d/)
    await click(window, /^Stop both…/)
    await click(window, /^Stop mcmc-planck, saves/)
    await expect.poll(() => toasts(window).textContent()).toMatch(/Stopping mcmc-planck in/)
    const shown = await followText(window, '.toasts')
    await window.keyboard.press('z')
    await expect.poll(shown).toContain('Stop undone')
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
      await window.keyboard.press('Control+K')
      await window.keyboard.type(words)
      await window.getByRole('option').filter({ hasText: setting }).waitFor()
      if (words !== 'monthly budget') await window.keyboard.press('Escape')
    }
    await window.keyboard.press('Enter')
    await window.getByRole('textbox', { name: 'Monthly budget' }).waitFor()
  })
  expect(actionsSent(scene)).toEqual([])
  const started = window.evaluate('window.app.startDemo()')
  await answerQuestion(scene.running, /^Leave your account/, 'Start demo')
  await started
  await window.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: 'Pods' }).click()
  await window.getByRole('region', { name: 'Demo', exact: true }).waitFor()
  await card(window, 'llama-70b-sft').waitFor()
  await measureClicks('a shell in the demo, without any key', 1, async () => {
    await click(window, 'Terminal on llama-70b-sft')
    await expect.poll(() => window.locator('.xterm-rows').textContent()).toMatch(/llama-70b-sft.*[#$]/)
  })
  expect(measured).toHaveLength(11)
  expect(measured.filter((one) => one.measured > one.atMost)).toEqual([])
})
