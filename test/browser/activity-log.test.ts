import { expect, test } from 'vitest'
import { type Locator, userEvent } from 'vitest/browser'
import type { AuditEntry } from '../../src/core/audit-log/audit-log'
import { parseAuditEntry } from '../../src/core/audit-log/parse-audit-entry'
import { DAY_MS, MINUTE_MS } from '../../src/core/base/time/time'
import { START_MS } from '../harness/base/fake-clock'
import { copiedText } from '../harness/browser/copied-text'
import { openWindow, type TestWindow } from '../harness/browser/open-window'
import { textsOf, VOLUME } from '../harness/browser/pods-scene'
import { type BrowserScene, openScene, podOf } from '../harness/browser/scene'

/* The activity page over a long log: search, filters, export, and what happens meanwhile. */

/** More than are searched at once. */
const LONG_COUNT = 6_000
const SHORT_COUNT = 600

const failed = (index: number): Partial<AuditEntry> => ({
  kind: 'intent',
  accountId: 'gone',
  podId: 'old1',
  podName: 'old-pod',
  intent: { id: 'intent-1', action: 'stop', requester: 'command-line' },
  ...(index === 0
    ? { what: 'stop scheduled', text: 'You requested a stop of old-pod.' }
    : { what: 'stop failed', text: 'The stop of old-pod failed. Zebra crossing.', tone: 'bad' }),
})

function entryAt(index: number, count: number): AuditEntry {
  const plain: AuditEntry = {
    atMs: START_MS - 2 * DAY_MS + (index - count) * MINUTE_MS,
    accountId: null,
    podId: null,
    podName: null,
    kind: 'connection',
    what: 'back',
    text: `Runpod responded again after ${index} min.`,
    tone: 'good',
  }
  // Between the steps of the action stand other entries.
  if (index === 500 || index === 503) return { ...plain, tone: 'plain', ...failed(index - 500) }
  return plain
}

interface LogScene {
  readonly scene: BrowserScene
  /** The main window, at the page of activity. */
  readonly window: TestWindow
  readonly button: (name: string | RegExp) => Locator
  /** By keyboard. */
  readonly press: (button: Locator) => Promise<void>
  /** Of entries that are shown. */
  readonly texts: () => readonly string[]
  /** Types into the search by keyboard. */
  readonly search: (text: string) => Promise<void>
}

async function openLog(count = SHORT_COUNT): Promise<LogScene> {
  const scene = await openScene({
    pods: [{ id: 'trainer1', name: 'trainer', mode: 'training', ...VOLUME }],
    settings: { undoS: 1 },
    activity: Array.from({ length: count }, (_, index) => entryAt(index, count)),
  })
  return { scene, ...(await openPage(scene)) }
}

async function openPage(scene: BrowserScene, keepsStorage = false): Promise<Omit<LogScene, 'scene'>> {
  const window = await openWindow(scene, 'main', { page: 'activity', keepsStorage })
  const texts = (): readonly string[] =>
    [...window.document.querySelectorAll<HTMLElement>('.entry p')].map(({ innerText }) => innerText)
  return {
    window,
    texts,
    button: (name) => window.getByRole('button', { name }),
    async press(button) {
      await expect.element(button).toBeVisible()
      window.focusOn(button)
      await userEvent.keyboard('{Enter}')
    },
    async search(text) {
      await expect.poll(() => texts().length).toBeGreaterThanOrEqual(50)
      await userEvent.keyboard('/')
      await expect.element(window.getByRole('searchbox', { name: 'Search activity' })).toHaveFocus()
      if (text !== '') await userEvent.keyboard(text)
    },
  }
}

/** By keyboard. */
async function choose(
  { window, button, press }: Omit<LogScene, 'scene'>,
  label: string,
  option: string,
): Promise<void> {
  await press(button(new RegExp(`${label}$`)))
  await press(window.getByRole('option', { name: option, exact: true }))
}

const focusedLabel = (window: TestWindow) => window.document.activeElement?.getAttribute('aria-label')

test('a search goes through the whole log, says how far it has looked, finds actions whole, and exports what it finds', async () => {
  const { scene, window, texts, search, button, press } = await openLog(LONG_COUNT)
  await search('')
  const [first, second] = [scene.bridge.holdReply('auditPage'), scene.bridge.holdReply('auditPage')]
  // At once: each letter would begin a search of its own.
  await window.getByRole('searchbox', { name: 'Search activity' }).fill('zebra REQUESTED')
  await first.arrived()
  first.release()
  await second.arrived()
  await expect
    .element(window.getByText(/^Searched 2,5\d\d entries, back to .+\. Still searching…$/))
    .toBeVisible()
  second.release()
  await expect.poll(() => texts().length).toBe(1)
  expect(texts()[0]).toMatch(/^Stop of old-pod failed\. Zebra crossing\./)
  await press(button(/^Stop of old-pod failed/))
  expect(textsOf(window, '.entry-step p')).toEqual([
    'You requested a stop of old-pod.',
    'The stop of old-pod failed. Zebra crossing.',
  ])

  // An entry is copied with the fields of the command line.
  await press(button('Copy as JSON'))
  await expect.element(window.getByText('JSON copied').first()).toBeInTheDocument()
  expect(JSON.parse(await copiedText(window))).toMatchObject([
    { seq: 501, pod: 'old-pod', actionId: 'intent-1', requester: 'command-line' },
    { seq: 504, what: 'stop failed', tone: 'bad' },
  ])

  // An export has what the filters find, in the file that the system asks for.
  const path = `${await scene.folder()}/saved.jsonl`
  await scene.answerNextDialog([path])
  await press(button('Export'))
  await press(window.getByRole('menuitem', { name: 'JSON lines' }))
  await expect.element(window.getByText(`Saved to ${path}`).first()).toBeInTheDocument()
  expect((await scene.host()).dialogs).toMatchObject([
    { kind: 'save', defaultPath: 'podkeeper-activity.jsonl' },
  ])
  const lines = (await scene.readTextFile(path)).trimEnd().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual([501, 504])

  await userEvent.keyboard('{Escape}')
  await search('nowhere')
  await expect.element(window.getByRole('heading', { name: 'No matching activity' })).toBeVisible()
  expect(textsOf(window, '.blank p')[0]).toMatch(/^Searched 6,00\d entries, back to /)
  await userEvent.keyboard('{Escape}')
  await expect.poll(() => texts().length).toBeGreaterThan(50)
})

test('filters work by keyboard and are there again after the window is loaded anew', async () => {
  const opened = await openLog()
  const { scene, window, texts } = opened
  await choose(opened, 'Outcome', 'Problem')
  await expect.poll(() => texts().length).toBe(1)
  await choose(opened, 'Time', 'Last 24 hours')
  await expect.element(window.getByRole('heading', { name: 'No matching activity' })).toBeVisible()
  window.close()
  const again = await openPage(scene, true)
  await expect.element(again.button(/Time$/)).toHaveTextContent(/Last 24 hours/)
  await expect.element(again.button(/Outcome$/)).toHaveTextContent(/Problem/)
  await again.window.getByRole('heading', { level: 1 }).click()
  await userEvent.keyboard('{Escape}')
  await expect.poll(() => again.texts().length).toBeGreaterThan(50)
})

test('what happens meanwhile appears, moves nothing that is read, and is whole in the log', async () => {
  const { scene, window, texts } = await openLog()
  await expect.poll(() => texts().length).toBeGreaterThanOrEqual(50)
  const row = window.document.querySelectorAll('.entry')[12]!
  const name = row.querySelector('p')!.textContent
  const place = () =>
    [...window.document.querySelectorAll('.entry')]
      .find(({ textContent }) => textContent?.includes(name))
      ?.getBoundingClientRect().y ?? 0
  const { x, y, width, height } = row.getBoundingClientRect()
  await window.mouse({ x: x + width / 2, y: y + height / 2 })
  const before = place()
  const { key } = await podOf(scene, 'trainer')
  await scene.bridge.request('act', key, 'stop')
  await scene.advance(MINUTE_MS)
  await expect.poll(() => texts()[0]).toMatch(/^You stopped trainer/)
  // Scrolling is by whole pixels.
  await expect.poll(() => Math.abs(place() - before)).toBeLessThan(1)
  // Newer ones are above, and the keyboard moves along the rows.
  await userEvent.keyboard('j')
  const first = focusedLabel(window)
  expect(first).toMatch(/^You stopped trainer/)
  await userEvent.keyboard('j')
  expect(focusedLabel(window)).not.toBe(first)
  await userEvent.keyboard('k')
  await expect.poll(() => focusedLabel(window)).toBe(first)
  const newest = await scene.readTextFile(`${await scene.folder()}/activity/000000000001.jsonl`)
  expect(newest.trimEnd().split('\n').map(parseAuditEntry)).not.toContain(null)
})

test('a pod has the same filters on its page', async () => {
  const scene = await openScene({
    pods: [{ id: 'trainer1', name: 'trainer', mode: 'training', ...VOLUME }],
    settings: { undoS: 1 },
  })
  const { key } = await podOf(scene, 'trainer')
  await scene.bridge.request('act', key, 'stop')
  await scene.advance(MINUTE_MS)
  const window = await openWindow(scene, 'main', { page: 'pod', about: key })
  await window.getByRole('tab', { name: 'Activity' }).click()
  const tab = window.getByRole('tabpanel', { name: 'Activity' })
  const count = () => window.document.querySelectorAll('.entry').length
  await expect.poll(count).toBeGreaterThan(0)
  await expect.element(tab.getByRole('button', { name: /Pod$/ })).not.toBeInTheDocument()
  window.focusOn(tab.getByRole('button', { name: /Kind$/ }))
  await userEvent.keyboard('{Enter}')
  window.focusOn(window.getByRole('option', { name: 'Rules', exact: true }))
  await userEvent.keyboard('{Enter}')
  await expect.element(tab.getByRole('heading', { name: 'No matching activity' })).toBeVisible()
  window.focusOn(tab.getByRole('button', { name: 'Show all activity' }))
  await userEvent.keyboard('{Enter}')
  await expect.poll(count).toBeGreaterThan(0)
})
