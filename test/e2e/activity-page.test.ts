import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeFaults, loadAxe } from '../harness/app/axe'
import { accessibilityTree } from '../harness/app/accessibility-tree'
import { type BaselineImages, openBaselines } from '../harness/app/baseline'
import { launch, type RunningApp } from '../harness/app/launch'
import { sampleActivity, serveActivity } from '../harness/app/show-activity'
import { prepareForStates, showState } from '../harness/app/show-state'
import { type WindowState, windowStates } from '../harness/app/states'

/** The maximum width of the grid. */
const WIDTHS = [360, 900]

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
const entries = () => page.getByRole('listitem').filter({ has: page.locator('time') })

const SCHEMES = ['light', 'dark'] as const
type Look = `${number}-${(typeof SCHEMES)[number]}`

/** Nothing overflows the window, axe-core finds no violations, and the page matches its baselines in both themes. */
async function inspect(name: string, looks: readonly Look[]): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 })
    const pixels = await page.evaluate(
      '[document.documentElement, document.querySelector("main")].map((e) => e.scrollWidth - e.clientWidth)',
    )
    expect({ width, pixels }).toEqual({ width, pixels: [0, 0] })
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme })
      if (looks.includes(`${width}-${colorScheme}`))
        expect(kept.problem(`activity-${name}-${width}-${colorScheme}`, await page.screenshot())).toBeNull()
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
  await expect.poll(() => entries().count()).toBe(sampleActivity.length)
  const days = await page.getByRole('heading', { level: 2 }).allTextContents()
  // Whether the date has a comma depends on the system's locale data.
  expect(days.map((day) => day.replace(',', ''))).toEqual([
    'Today',
    'Yesterday',
    'Sunday 22 November',
    'Monday 20 October 2025',
  ])
  const first = entries().first()
  expect(await first.textContent()).toContain('comfy-scratch stops in 5 min.')
  expect(await first.locator('time').textContent()).toBe('14:03')
  expect(await first.locator('time').getAttribute('title')).toMatch(/24 November 2026.*14:03:00/)
  await inspect('all', ['360-light', '900-light', '900-dark'])
  const [today] = /region "Today"[^]*(?=\n *region "Yesterday")/.exec(await accessibilityTree(page)) ?? []
  expect(`\n${today}\n`).toMatchInlineSnapshot(`
    "
    region "Today"
          heading "Today" level=2
          list
            listitem level=1
              text "Warning"
              time "Tuesday, 24 November 2026 at 14:03:00 UTC"
                text "14:03"
              text "comfy-scratch stops in 5 min. Quiet for 5 h 55 m; the volume stays, the container disk is lost."
              button "Show only comfy-scratch"
              text "Alert"
            listitem level=1
              text "Warning"
              time "Tuesday, 24 November 2026 at 13:38:00 UTC"
                text "13:38"
              text "mcmc-planck is idle for 15 min. GPU 0–2 %, CPU 1 %, memory still, in all 61 samples since 13:23 · $1.00 so far at $3.99/h"
              button "Show only mcmc-planck"
              text "Alert"
            listitem level=1
              text "Trouble"
              time "Tuesday, 24 November 2026 at 13:25:00 UTC"
                text "13:25"
              text "The stop of eval-sweep-b failed. Runpod: the pod is locked."
              button "Show only eval-sweep-b"
              text "Action"
            listitem level=1
              text "Note"
              time "Tuesday, 24 November 2026 at 13:24:00 UTC"
                text "13:24"
              text "The stop of eval-sweep-b was sent to Runpod."
              button "Show only eval-sweep-b"
              text "Action"
            listitem level=1
              text "Good"
              time "Tuesday, 24 November 2026 at 11:05:00 UTC"
                text "11:05"
              text "Runpod answers again, after 6 min."
              text "Connection"
    "
  `)
})

test('the keyboard can filter by one pod, filter by one kind, and show everything again', async () => {
  await page.getByRole('button', { name: 'Show only mcmc-planck' }).press('Enter')
  await expect.poll(() => entries().count()).toBe(1)
  await page.getByRole('button', { name: 'Show all pods' }).press('Enter')
  await expect.poll(() => entries().count()).toBe(sampleActivity.length)
  await page.locator('.choice').getByRole('button').press('Enter')
  await page.getByRole('option', { name: 'Actions' }).press('Enter')
  await expect.poll(() => entries().count()).toBe(2)
  await page.locator('.choice').getByRole('button').press('Enter')
  await page.getByRole('option', { name: 'Rules' }).press('Enter')
  await page.getByRole('button', { name: 'Show everything' }).press('Enter')
  await expect.poll(() => entries().count()).toBe(sampleActivity.length)
})

test('new entries appear without a reload, and earlier ones stay', async () => {
  await toPage('Pods')
  await serveActivity(running.app, sampleActivity.slice(2), 3)
  await showLog(11)
  await toPage('Activity')
  await expect.poll(() => entries().count()).toBe(3)
  await page.getByRole('button', { name: 'Earlier' }).click()
  await expect.poll(() => entries().count()).toBe(6)
  await serveActivity(running.app, sampleActivity.slice(1), 3)
  await showLog(12)
  await expect.poll(() => entries().count()).toBe(7)
  expect(await entries().first().textContent()).toContain('mcmc-planck is idle')
  await page.getByRole('button', { name: 'Earlier' }).click()
  await expect.poll(() => entries().count()).toBe(8)
  await expect.poll(() => page.getByRole('button', { name: 'Earlier' }).count()).toBe(0)
})

test('an empty log says what it is for, and an unreadable one says so and can be retried', async () => {
  await serveActivity(running.app, [])
  await showLog(0)
  await page.getByRole('heading', { name: 'Nothing happened yet' }).waitFor()
  await inspect('empty', ['900-light'])
  await serveActivity(running.app, null)
  await showLog(13)
  await page.getByRole('alert').getByText('could not be read').waitFor()
  await inspect('unreadable', ['900-dark'])
  await serveActivity(running.app, sampleActivity)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect.poll(() => entries().count()).toBe(sampleActivity.length)
})
