import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeFaults, loadAxe } from '../harness/app/look/axe'
import { accessibilityTree } from '../harness/app/look/accessibility-tree'
import { type BaselineImages, openBaselines } from '../harness/app/look/baseline'
import { capture } from '../harness/app/look/capture'
import { launch, type RunningApp } from '../harness/app/start/launch'
import {
  sampleActionCount,
  sampleActions,
  sampleActivity,
  serveActivity,
} from '../harness/app/states/show-activity'
import { screenshot } from '../harness/app/start/scene'
import { prepareForStates, showState } from '../harness/app/states/show-state'
import { type WindowState, windowStates } from '../harness/app/states/window-states'
import { accountEntry, snapshotOfAccounts } from '../harness/samples/pod-views'

const WIDTHS = [360, 900, 2_000]

let running: RunningApp
let page: Page
let kept: BaselineImages
const consoleErrors: string[] = []
beforeAll(async () => {
  running = await launch({ env: { TZ: 'UTC' } })
  const popover = await running.popover()
  await popover.evaluate("window.app.openWindow('pods')")
  page = await running.mainWindow()
  page.on('console', (message) => consoleErrors.push(message.text()))
  page.on('pageerror', (error) => consoleErrors.push(error.message))
  await prepareForStates(running.app, page)
  await loadAxe(page)
  kept = await openBaselines(page)
})
afterAll(() => running?.close())

const state = windowStates.find(({ name, window }) => name === 'no-pods' && window === 'main')!
/** The window when the log has `lastSeq` entries, of which this many are alerts. */
async function showLog(lastSeq: number, alertSeqs: readonly number[] = []): Promise<void> {
  const withLog: WindowState = {
    ...state,
    snapshot: { ...state.snapshot, auditLog: { lastSeq, alertSeqs } },
  }
  await showState(running.app, page, withLog)
}
const toPage = (name: string): Promise<void> =>
  page.getByRole('navigation').getByRole('button', { name }).click()
const entries = () => page.locator('.entry')
/** Two of its entries are about one stop. */
const sampleRowCount = sampleActivity.length - 1
const focusedText = (): Promise<string> =>
  page.evaluate('document.activeElement.getAttribute("aria-label") ?? document.activeElement.innerText')

const SCHEMES = ['light', 'dark'] as const
type Look = `${number}-${(typeof SCHEMES)[number]}`

/** Nothing overflows the window, axe-core finds no violations, and the page matches its baselines in both themes. */
async function inspect(name: string, looks: readonly Look[]): Promise<void> {
  // No row is hovered.
  await page.mouse.move(90, 500)
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 })
    const pixels = await page.evaluate(
      '[document.documentElement, document.querySelector("main")].map((e) => e.scrollWidth - e.clientWidth)',
    )
    expect({ width, pixels }).toEqual({ width, pixels: [0, 0] })
    await screenshot(page, `activity-${name}-${width}`)
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme })
      if (looks.includes(`${width}-${colorScheme}`))
        expect(kept.problem(`activity-${name}-${width}-${colorScheme}`, await capture(page))).toBeNull()
      expect(await axeFaults(page, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
    }
  }
  expect(consoleErrors).toEqual([])
}

test('the button of the page shows the number of new alerts until the page is opened', async () => {
  await serveActivity(running.app, sampleActivity)
  await showLog(9, [9, 8, 2])
  const way = page.getByRole('navigation').getByRole('button', { name: /Activity/ })
  await expect.poll(() => way.textContent()).toBe('Activity3 new alerts')
  await toPage('Activity')
  await expect.poll(() => way.textContent()).toBe('Activity')
  await toPage('Pods')
  await showLog(10, [10, 9, 8, 2])
  await expect.poll(() => way.textContent()).toBe('Activity1 new alert')
})

test('entries are listed under their days, with the full date available', async () => {
  await serveActivity(running.app, sampleActivity)
  await toPage('Activity')
  await expect.poll(() => entries().count()).toBe(sampleRowCount)
  const days = await page.getByRole('heading', { level: 2 }).allTextContents()
  // Whether the date has a comma depends on the system's locale data.
  expect(days.map((day) => day.replace(',', ''))).toEqual([
    'Today',
    'Yesterday',
    'Sunday November 22',
    'Monday October 20, 2025',
  ])
  const first = entries().first()
  expect(await first.textContent()).toContain('comfy-scratch stops in 5 min.')
  expect(await first.locator('time').textContent()).toBe('14:03')
  expect(await first.locator('time').getAttribute('title')).toMatch(/November 24, 2026.*14:03:00/)
  await inspect('all', ['360-light', '900-light', '900-dark'])
  const [today] = /region "Today"[^]*(?=\n *region "Yesterday")/.exec(await accessibilityTree(page)) ?? []
  expect(`\n${today}\n`).toMatchInlineSnapshot(`
    "
    region "Today"
          heading "Today" level=2
          list
            listitem level=1
              text "Warning"
              time "Tuesday, November 24, 2026 at 14:03:00 UTC"
                text "14:03"
              button "comfy-scratch stops in 5 min. Quiet for 5 h 55 min; the volume stays, the container disk is lost."
              button "Show only comfy-scratch"
              text "Alert"
            listitem level=1
              text "Warning"
              time "Tuesday, November 24, 2026 at 13:38:00 UTC"
                text "13:38"
              button "mcmc-planck has been idle for 15 min. GPU 0–2%, CPU 1%, memory unchanged since 13:23 (61 samples) · $1.00 so far at $3.99/hr"
              button "Show only mcmc-planck"
              text "Alert"
            listitem level=1
              time "Tuesday, November 24, 2026 at 13:25:00 UTC"
                text "13:25"
              button "Stop of eval-sweep-b failed. Runpod: the pod is locked."
              button "Show only eval-sweep-b"
              text "Action"
            listitem level=1
              text "Good"
              time "Tuesday, November 24, 2026 at 11:05:00 UTC"
                text "11:05"
              button "Runpod responded again after 6 min."
              text "Connection"
    "
  `)
})

/** By keyboard. */
async function choose(label: string, option: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`${label}$`) }).press('Enter')
  await page.getByRole('option', { name: option, exact: true }).press('Enter')
}

test('the keyboard can filter by one pod, filter by one kind, and show everything again', async () => {
  await page.getByRole('button', { name: 'Show only mcmc-planck' }).press('Enter')
  await expect.poll(() => entries().count()).toBe(1)
  await page.getByRole('button', { name: 'Clear filters' }).press('Enter')
  await expect.poll(() => entries().count()).toBe(sampleRowCount)
  await choose('Kind', 'Actions')
  await expect.poll(() => entries().count()).toBe(1)
  await choose('Kind', 'Rules')
  await page.getByRole('button', { name: 'Show all activity' }).press('Enter')
  await expect.poll(() => entries().count()).toBe(sampleRowCount)
})

test('new entries appear without a reload, and earlier ones stay', async () => {
  await toPage('Pods')
  await serveActivity(running.app, sampleActivity.slice(2), 3)
  await showLog(11)
  await toPage('Activity')
  await expect.poll(() => entries().count()).toBe(2)
  await page.getByRole('button', { name: 'Show earlier' }).click()
  await expect.poll(() => entries().count()).toBe(5)
  await serveActivity(running.app, sampleActivity.slice(1), 3)
  await showLog(12)
  await expect.poll(() => entries().count()).toBe(6)
  expect(await entries().first().textContent()).toContain('mcmc-planck has been idle')
  await page.getByRole('button', { name: 'Show earlier' }).click()
  await expect.poll(() => entries().count()).toBe(7)
  await expect.poll(() => page.getByRole('button', { name: 'Show earlier' }).count()).toBe(0)
})

const toggle = (sentence: RegExp) => page.getByRole('button', { name: sentence })

test('an action is one row that says who asked, what became of it and how long it took', async () => {
  await page.setViewportSize({ width: 900, height: 800 })
  await serveActivity(running.app, sampleActions)
  await showLog(100)
  await expect.poll(() => entries().count()).toBe(sampleActionCount)
  const sentences = await page.locator('.entry p').allInnerTexts()
  expect(sentences.map((text) => text.replace(/\s+/g, ' '))).toEqual([
    'Stopping vllm-8b… · requested by you',
    'You stopped mcmc-planck · 9 s',
    'Podkeeper stopped comfy-scratch (idle for 6 h) · 12 s',
    'Restart of eval-sweep-b undone, nothing was sent · requested by you',
    'Stop of eval-sweep-b failed. Runpod: the pod is locked. You requested it.',
    'Stop of anomaly-v3-with-a-name-of-sixty-characters-which-is-very-long was sent but not observed within 10 min. The pod is still running. You requested it on the command line.',
    'The command line started llama-70b-sft · 1 min',
    'You terminated <b>bold</b> & \u05d0\u05d1\u05d2 · 4 s',
    'The outcome of the start of gone-quiet is not in the log · requested by you',
  ])
  await inspect('actions', ['360-dark', '900-light'])
})

test('the keyboard opens an action with Enter and closes it with Space, and finds its entries in order', async () => {
  await page.setViewportSize({ width: 900, height: 800 })
  const row = toggle(/^Podkeeper stopped comfy-scratch/)
  await row.focus()
  await page.keyboard.press('Enter')
  expect(await row.getAttribute('aria-expanded')).toBe('true')
  const steps = page.locator(`[id="${await row.getAttribute('aria-controls')}"]`)
  expect(await steps.locator('p').allTextContents()).toEqual([
    'comfy-scratch is being stopped automatically. It has been quiet for 6 h. Its volume stays.',
    'Auto-stop requested a stop of comfy-scratch.',
    'The stop of comfy-scratch was sent to Runpod.',
    'Runpod accepted the stop of comfy-scratch.',
    'comfy-scratch stopped.',
  ])
  await inspect('expanded', ['360-light', '900-dark'])
  expect(await accessibilityTree(page)).toContain(
    'button "Podkeeper stopped comfy-scratch (idle for 6 h). It took 12 s." focused expanded',
  )
  await page.keyboard.press('Space')
  expect(await row.getAttribute('aria-expanded')).toBe('false')
  expect(await steps.count()).toBe(0)
  await page.keyboard.press('Tab')
  expect(await focusedText()).toBe('Show only comfy-scratch')
})

test('with several accounts each row names its own, at every width and under forced colors', async () => {
  const accounts = ['account', 'b'].map((id) => ({
    entry: accountEntry({ id, name: id === 'b' ? 'W'.repeat(40) : 'Personal' }),
    pods: [],
  }))
  const snapshot = snapshotOfAccounts(accounts, { auditLog: { lastSeq: 99, alertSeqs: [] } })
  const ofBoth = sampleActions.map((entry) => ({
    ...entry,
    accountId: entry.seq % 2 === 0 ? 'b' : 'account',
  }))
  await toPage('Pods')
  await serveActivity(running.app, ofBoth)
  await showState(running.app, page, { ...state, snapshot })
  await toPage('Activity')
  // The entries of an action in two accounts are two actions.
  await expect.poll(() => entries().count()).toBe(2 * sampleActionCount)
  const labels = await page.locator('.entry .account-label').allTextContents()
  expect(new Set(labels.map((label) => label.replace(/^.*Account /, '')))).toEqual(
    new Set(['Personal', 'W'.repeat(40)]),
  )
  await inspect('accounts', [])
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' })
  const [text, line, background] = await page.evaluate<string[]>(
    `[['.entry p', null, 'color'], ['.entry', '::after', 'borderBottomColor'], ['body', null, 'backgroundColor']].map(
      ([part, pseudo, color]) => getComputedStyle(document.querySelector(part), pseudo)[color])`,
  )
  expect([text, line]).not.toContain(background)
  await screenshot(page, 'activity-forced-colors')
  await page.emulateMedia({ forcedColors: 'none', reducedMotion: 'no-preference' })
})

test('an action whose entries are on two pages joins in its place, under the focus', async () => {
  await page.setViewportSize({ width: 900, height: 800 })
  await showLog(100)
  const cut = sampleActions.findIndex(
    ({ what, podName }) => what === 'stop accepted' && podName === 'comfy-scratch',
  )
  await toPage('Pods')
  await serveActivity(running.app, sampleActions, cut + 1)
  await toPage('Activity')
  const row = toggle(/^Podkeeper stopped comfy-scratch \(idle\)/)
  await row.press('Enter')
  expect(await page.locator('.entry-step').count()).toBe(2)
  const [count, top] = [await entries().count(), (await row.boundingBox())?.y]
  await page.evaluate(`document.querySelector('.earlier button').click()`)
  await expect.poll(() => page.locator('.entry-step').count()).toBe(5)
  expect(await entries().count()).toBeGreaterThan(count)
  const joined = toggle(/^Podkeeper stopped comfy-scratch \(idle for 6 h\)/)
  expect((await joined.boundingBox())?.y).toBe(top)
  expect(await joined.getAttribute('aria-expanded')).toBe('true')
  expect(await focusedText()).toMatch(/^Podkeeper stopped comfy-scratch/)
})

test('an action that ends while it is shown stays in its place, under the focus', async () => {
  const newer = (text: string, what: string, seq: number) => ({ ...sampleActions[0]!, text, what, seq })
  const alert = { ...sampleActivity[0]!, seq: 101 }
  const begun = [alert, ...sampleActions]
  await toPage('Pods')
  await serveActivity(running.app, begun)
  await showLog(101)
  await toPage('Activity')
  const row = toggle(/^Stopping vllm-8b…/)
  await row.focus()
  const done = newer('The stop of vllm-8b was seen to have happened.', 'stop observed', 102)
  const intent = { ...done.intent!, elapsedMs: 8_000 }
  await serveActivity(running.app, [{ ...done, intent, tone: 'good' }, ...begun])
  await showLog(102)
  await toggle(/^You stopped vllm-8b\. It took 8 s\./).waitFor()
  expect(await entries().nth(1).textContent()).toContain('You stopped vllm-8b')
  expect(await focusedText()).toMatch(/^You stopped vllm-8b/)
})

test('the focus stays on the page when what has it goes away', async () => {
  const isInPage = () => page.evaluate(`document.querySelector('.activity').contains(document.activeElement)`)
  await toggle(/^You stopped mcmc-planck/).waitFor()
  await page.getByRole('button', { name: 'Show only mcmc-planck' }).press('Enter')
  await expect.poll(() => entries().count()).toBe(1)
  expect(await isInPage()).toBe(true)
  await page.getByRole('button', { name: 'Clear filters' }).press('Enter')
  expect(await isInPage()).toBe(true)
  await toPage('Pods')
  await serveActivity(running.app, sampleActivity, 6)
  await toPage('Activity')
  await page.getByRole('button', { name: 'Show earlier' }).press('Enter')
  await expect.poll(() => page.getByRole('button', { name: 'Show earlier' }).count()).toBe(0)
  expect(await focusedText()).toContain('Watching the account')
})

test('an empty log says what it is for, and an unreadable one says so and can be retried', async () => {
  await serveActivity(running.app, [])
  await showLog(0)
  await page.getByRole('heading', { name: 'No activity yet' }).waitFor()
  await inspect('empty', ['900-light'])
  await serveActivity(running.app, null)
  await showLog(13)
  await page.getByRole('alert').getByText('Couldn’t read the activity log').waitFor()
  await inspect('unreadable', ['900-dark'])
  await serveActivity(running.app, sampleActivity)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect.poll(() => entries().count()).toBe(sampleRowCount)
})
