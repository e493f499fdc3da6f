import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AuditEntry } from '../../src/core/audit-log/audit-log'
import { parseAuditEntry } from '../../src/core/audit-log/parse-audit-entry'
import { MINUTE_MS } from '../../src/core/base/time/time'
import { axeFaults, loadAxe } from '../harness/app/look/axe'
import { card, openScene, podKeyIn, type Scene, screenshot, VOLUME } from '../harness/app/start/scene'
import { seedActivity } from '../harness/app/states/seed-activity'
import { writeFormatFile } from '../harness/data-folder/migrated-folder'
import { followText } from '../harness/app/act/follow-text'

/* The activity page over a long log of the real app: search, filters, export, and what happens meanwhile. */

const COUNT = 30_000
let scene: Scene
let page: Page
let folder: string
const errors: string[] = []

const startMs = Date.now() - COUNT * MINUTE_MS
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

function entryAt(index: number): AuditEntry {
  const plain: AuditEntry = {
    atMs: startMs + index * MINUTE_MS,
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

beforeAll(async () => {
  folder = await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'activity-'))
  seedActivity(folder, COUNT, entryAt)
  const settings = { pollActiveS: 1, pollIdleS: 1, pollTransitionS: 1, undoS: 1, bootMin: 0 }
  writeFormatFile(folder)
  await writeFile(join(folder, 'config.json'), JSON.stringify({ settings }))
  scene = await openScene({
    pods: [{ id: 'trainer1', name: 'trainer', mode: 'training', ...VOLUME }],
    launch: { dataDir: folder },
  })
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  page = await scene.running.mainWindow()
  page.on('console', (message) => errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(error.message))
  await page.setViewportSize({ width: 1_180, height: 820 })
  await card(page, 'trainer').waitFor()
  await page
    .getByRole('navigation')
    .getByRole('button', { name: /^Activity/ })
    .click()
})
afterAll(() => scene?.close())

const entries = () => page.locator('.entry')
const texts = () => page.locator('.entry p').allInnerTexts()
const search = () => page.getByRole('searchbox', { name: 'Search activity' })
const button = (name: string | RegExp) => page.getByRole('button', { name })

/** By keyboard. */
async function choose(label: string, option: string): Promise<void> {
  await button(new RegExp(`${label}$`)).press('Enter')
  await page.getByRole('option', { name: option, exact: true }).press('Enter')
}

test('a search goes through the whole log, says how far it has looked, and finds actions whole', async () => {
  await expect.poll(() => entries().count()).toBeGreaterThanOrEqual(50)
  // The search takes a second, which a look from here may miss.
  const looked = await followText(page, '.looked')
  await page.keyboard.press('/')
  // At once: a half-typed word is searched for where the next key takes long, and finds the same until the rest is.
  await page.keyboard.insertText('zebra REQUESTED')
  await expect.poll(looked).toMatch(/^Searched [\d,]+ entries, back to .+\. Still searching…$/m)
  await expect.poll(texts).toHaveLength(1)
  expect((await texts())[0]).toMatch(/^Stop of old-pod failed\. Zebra crossing\./)
  await button(/^Stop of old-pod failed/).press('Enter')
  expect(await page.locator('.entry-step p').allTextContents()).toEqual([
    'You requested a stop of old-pod.',
    'The stop of old-pod failed. Zebra crossing.',
  ])
  await screenshot(page, 'activity-log-search')
})

test('an entry is copied as JSON, with the fields of the command line', async () => {
  await button('Copy as JSON').press('Enter')
  await page.getByText('JSON copied').waitFor()
  const copied = await scene.running.app.evaluate(({ clipboard }) => clipboard.readText())
  expect(JSON.parse(copied)).toMatchObject([
    { seq: 501, pod: 'old-pod', actionId: 'intent-1', requester: 'command-line' },
    { seq: 504, what: 'stop failed', tone: 'bad' },
  ])
})

test('an export has what the filters find, in the file that the system asks for', async () => {
  const path = join(folder, 'saved.jsonl')
  const asked = await scene.running.app.evaluateHandle(({ dialog }, filePath) => {
    const calls: unknown[] = []
    dialog.showSaveDialog = (async (options: { defaultPath: string }) => {
      calls.push(options.defaultPath)
      return { canceled: false, filePath }
    }) as never
    return calls
  }, path)
  await button('Export').press('Enter')
  await page.getByRole('menuitem', { name: 'JSON lines' }).press('Enter')
  await page.getByText(`Saved to ${path}`).waitFor()
  expect(await asked.jsonValue()).toEqual(['podkeeper-activity.jsonl'])
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual([501, 504])
})

test('a search that finds nothing says that it looked through everything', async () => {
  await search().fill('nowhere')
  await page.getByRole('heading', { name: 'No matching activity' }).waitFor()
  expect(await page.locator('.blank p').textContent()).toMatch(/^Searched 30,00\d entries, back to /)
  await screenshot(page, 'activity-log-nothing')
  await page.keyboard.press('Escape')
  await expect.poll(() => entries().count()).toBeGreaterThan(50)
})

test('filters work by keyboard and are there again after the window is loaded anew', async () => {
  await choose('Outcome', 'Problem')
  await expect.poll(texts).toHaveLength(1)
  await choose('Time', 'Last 24 hours')
  await page.getByRole('heading', { name: 'No matching activity' }).waitFor()
  await page.reload()
  await page
    .getByRole('navigation')
    .getByRole('button', { name: /^Activity/ })
    .click()
  await expect.poll(() => button(/Time$/).textContent()).toMatch(/Last 24 hours/)
  await expect.poll(() => button(/Outcome$/).textContent()).toMatch(/Problem/)
  await page.locator('.activity h1').click()
  await page.keyboard.press('Escape')
  await expect.poll(() => entries().count()).toBeGreaterThan(50)
})

test('what happens meanwhile appears, and moves nothing that is read', async () => {
  const row = entries().nth(12)
  const name = await row.locator('p').innerText()
  const place = async () => (await page.locator('.entry', { hasText: name }).boundingBox())?.y
  await row.hover()
  const before = await place()
  const podKey = await podKeyIn(page, 'trainer1')
  await page.evaluate(`window.app.act('${podKey}', 'stop')`)
  await expect.poll(async () => (await texts())[0]).toMatch(/^You stopped trainer/)
  // Scrolling is by whole pixels.
  expect(Math.abs(((await place()) ?? 0) - (before ?? 0))).toBeLessThan(1)
  // Newer ones are above, and the keyboard moves along the rows.
  await page.keyboard.press('j')
  const first = await page.evaluate<string>('document.activeElement.getAttribute("aria-label")')
  expect(first).toMatch(/^You stopped trainer/)
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  await expect.poll(() => page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(first)
})

test('a pod has the same filters on its page, and nothing violates axe in both themes', async () => {
  await loadAxe(page)
  const faults: string[] = []
  const inspect = async (name: string): Promise<void> => {
    for (const [colorScheme, width] of [
      ['dark', 1_180],
      ['light', 1_180],
      ['light', 360],
    ] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.setViewportSize({ width, height: 820 })
      faults.push(...(await axeFaults(page, colorScheme === 'dark' ? 'all' : 'contrast')))
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
      await screenshot(page, `activity-log-${name}-${width}-${colorScheme}`)
    }
    await page.setViewportSize({ width: 1_180, height: 820 })
  }
  await button(/^You stopped trainer/).press('Enter')
  await inspect('page')
  await page.evaluate(`window.app.openWindowAt('pod', '${await podKeyIn(page, 'trainer1')}')`)
  await page.getByRole('tab', { name: 'Activity' }).click()
  const tab = page.getByRole('tabpanel', { name: 'Activity' })
  await expect.poll(() => tab.locator('.entry').count()).toBeGreaterThan(0)
  expect(await tab.getByRole('button', { name: /Pod$/ }).count()).toBe(0)
  await inspect('pod')
  await choose('Kind', 'Rules')
  await tab.getByRole('heading', { name: 'No matching activity' }).waitFor()
  await tab.getByRole('button', { name: 'Show all activity' }).press('Enter')
  await expect.poll(() => tab.locator('.entry').count()).toBeGreaterThan(0)
  expect(faults).toEqual([])
  expect(errors).toEqual([])
  // What was written while all of this was read is whole.
  const newest = (await readFile(join(folder, 'activity', '000000028001.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
  expect(newest.map(parseAuditEntry)).not.toContain(null)
})
