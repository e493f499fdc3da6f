import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { podLink } from '../../src/core/pods/pod-link'
import { parsePodKey, type PodKey, podKeyOf } from '../../src/core/pods/pod'
import { axeFaults, loadAxe } from '../harness/app/look/axe'
import {
  accountIdOf,
  actionsSent,
  card,
  openScene,
  podKeyIn,
  type Scene,
  screenshot,
  VOLUME,
} from '../harness/app/start/scene'
import { seedHistory } from '../harness/app/states/seed-history'

/* The page of a pod, with a history of a week: how it is opened, what it shows, and how its chart is used. */

let scene: Scene
let window: Page
let podKey: PodKey
const errors: string[] = []

beforeAll(async () => {
  const trainer = { id: 'trainer1', name: 'trainer', mode: 'idle' as const, costPerHourUsd: 3.99, ...VOLUME }
  scene = await openScene({
    pods: [
      { ...trainer, gpu: { id: 'NVIDIA H200', count: 2 } },
      { id: 'other1', name: 'other', mode: 'training', stalePortsS: 4, ...VOLUME },
    ],
  })
  await scene.pasteKey()
  podKey = await podKeyIn(scene.page, 'trainer1')
  await seedHistory({
    dataDir: scene.running.dataDir,
    accountId: await accountIdOf(scene.page),
    podIds: ['trainer1'],
    gpuCount: 2,
    days: 8,
  })
  await scene.page.evaluate("window.app.openWindow('pods')")
  window = await scene.running.mainWindow()
  window.on('console', (message) => errors.push(message.text()))
  window.on('pageerror', (error) => errors.push(error.message))
  await window.setViewportSize({ width: 1_180, height: 820 })
  await card(window, 'trainer').waitFor()
})
afterAll(() => scene?.close())

const heading = () => window.getByRole('heading', { level: 1 })
const chart = () => window.getByRole('slider', { name: 'Use of trainer over time' })
const valueText = () => chart().getAttribute('aria-valuetext')
const shownRange = async () => Number(await chart().getAttribute('aria-valuemax'))
const preset = (label: string) =>
  window.getByRole('radiogroup', { name: 'Time shown' }).getByText(label, { exact: true }).click()
const summary = () =>
  window.evaluate<string>(
    "document.getElementById(document.querySelector('.usage-lanes').getAttribute('aria-describedby')).textContent",
  )

test('the name on its card opens the page of a pod, and Escape leads back to it', async () => {
  await card(window, 'trainer').getByRole('button', { name: 'trainer', exact: true }).click()
  await expect.poll(() => heading().textContent()).toBe('trainer')
  await expect.poll(() => window.locator(':focus').textContent()).toBe('trainer')
  await window.keyboard.press('Escape')
  await expect.poll(() => window.evaluate('document.activeElement.id')).toBe(`pod-${podKey}`)
  await window.keyboard.press('Enter')
  await expect.poll(() => heading().textContent()).toBe('trainer')
})

test('the page says what is observed, why, what comes next, and how to connect', async () => {
  const overview = window.getByRole('tabpanel', { name: 'Overview' })
  await expect
    .poll(() => overview.getByRole('region', { name: /^Why it counts as idle/ }).textContent())
    .toMatch(/GPU0–\d%below 5% in every sample/)
  await expect
    .poll(() => overview.getByRole('region', { name: 'Rules' }).textContent())
    .toMatch(/Alert after15 min accountAuto-stop ?Off account/)
  const connection = overview.getByRole('region', { name: 'Connection' })
  await expect.poll(() => connection.textContent()).toMatch(/Pod IDtrainer1/)
  expect(await overview.getByRole('region', { name: 'Data' }).textContent()).toMatch(
    /When stoppedKeeps \/workspace \(1 GB/,
  )
  await expect
    .poll(() => overview.getByRole('region', { name: 'Cost by day' }).textContent())
    .toMatch(/^Cost by day7 days, \$/)
})

test('the chart shows a week, and its crosshair, zoom and range move by keyboard', async () => {
  await preset('7 d')
  await expect.poll(summary).toMatch(/busy for \d+ d.*idle for .*not running for .*not observed for/)
  expect(await shownRange()).toBe(7 * 24 * 3_600)
  await chart().focus()
  await window.keyboard.press('Home')
  await expect.poll(valueText).toMatch(/not running|GPU \d+%/)
  await window.keyboard.press('End')
  await window.keyboard.press('+')
  await window.keyboard.press('+')
  await expect.poll(shownRange).toBeLessThan(3 * 24 * 3_600)
  const before = await window
    .getByRole('region', { name: 'Use', exact: true })
    .getByRole('heading')
    .textContent()
  await window.keyboard.press('Shift+ArrowLeft')
  await expect
    .poll(() => window.getByRole('region', { name: 'Use', exact: true }).getByRole('heading').textContent())
    .not.toBe(before)
  await window.keyboard.press('Escape')
  await expect.poll(shownRange).toBe(7 * 24 * 3_600)
})

test('the chart zooms by dragging and shows each GPU', async () => {
  await preset('6 h')
  await expect.poll(shownRange).toBe(6 * 3_600)
  const each = window.getByRole('button', { name: 'Each GPU' })
  await each.click()
  await window.getByRole('button', { name: 'All GPUs together' }).waitFor()
  const box = await window.locator('.plot .u-over').boundingBox()
  if (box === null) throw new Error('no plot')
  // Somewhere it was busy: where exactly depends on the time. From the start again while the use is read.
  let x = box.x + 80
  const textFurtherOn = async () => {
    x = x + 20 < box.x + box.width ? x + 20 : box.x + 100
    await window.mouse.move(x, box.y + 50)
    return valueText()
  }
  await expect.poll(textFurtherOn).toMatch(/busy, GPU \d+% \(\d+–\d+%\)/)
  await window.mouse.down()
  await window.mouse.move(x + 200, box.y + 60, { steps: 5 })
  await window.mouse.up()
  await expect.poll(shownRange).toBeLessThan(3 * 3_600)
  await window.mouse.dblclick(box.x + 200, box.y + 50)
  await expect.poll(shownRange).toBe(6 * 3_600)
})

test('in both themes and at each width nothing violates axe, scrolls sideways or breaks a rule of the page', async () => {
  await loadAxe(window)
  const faults: string[] = []
  for (const [width, theme] of [
    [1_180, 'dark'],
    [1_180, 'light'],
    [360, 'light'],
    [2_000, 'dark'],
  ] as const) {
    await window.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await window.setViewportSize({ width, height: 820 })
    await expect.poll(() => window.locator('.plot canvas').count()).toBe(1)
    faults.push(...(await axeFaults(window, width === 1_180 && theme === 'dark' ? 'all' : 'contrast')))
    await expect.poll(() => window.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    await screenshot(window, `pod-page-${width}-${theme}`)
  }
  await window.getByRole('tab', { name: 'Activity' }).click()
  await screenshot(window, 'pod-page-activity')
  faults.push(...(await axeFaults(window, 'all')))
  await window.getByRole('tab', { name: 'Overview' }).click()
  await window.setViewportSize({ width: 1_180, height: 820 })
  await preset('7 d')
  await expect.poll(summary).toMatch(/not running for \d+ d/)
  await screenshot(window, 'pod-page-week')
  expect(faults).toEqual([])
  expect(errors).toEqual([])
})

test('a loaded page stays, and a link from a second instance shows a known pod and nothing of an unknown one', async () => {
  await window.reload()
  await expect.poll(() => heading().textContent()).toBe('trainer')
  const { accountId } = parsePodKey(podKey)
  await openLink(podLink(accountId, 'other1'))
  await expect.poll(() => heading().textContent()).toBe('other')
  const notices = () =>
    window.evaluate<string>(
      'window.app.snapshot().then(({ value }) => value.notices.map(({ text }) => text).join())',
    )
  await openLink(podLink(accountId, 'nobody'))
  await expect
    .poll(notices)
    .toContain('A link asked for a pod that none of your accounts has. Nothing was done.')
  // It is shown on the page of the pods.
  await card(window, 'trainer').waitFor()
  await openLink(`podkeeper://pod/${accountId}/trainer1/stop`)
  await expect.poll(notices).toContain('A link to Podkeeper could not be read. Nothing was done.')
  expect(actionsSent(scene)).toEqual([])
})

test('after a restart the SSH command has the new port as soon as Runpod says it', async () => {
  const otherKey = podKeyOf(parsePodKey(podKey).accountId, 'other1')
  await window.evaluate(`window.app.openWindowAt('pod', '${otherKey}')`)
  await expect.poll(() => heading().textContent()).toBe('other')
  const connection = window.getByRole('region', { name: 'Connection' })
  const command = () => connection.locator('code').first().textContent()
  await expect.poll(command).toMatch(/^ssh -p \d+ root@/)
  const before = await command()
  await window.evaluate(`window.app.act('${otherKey}', 'restart')`)
  await expect.poll(command).not.toBe(before)
  await expect.poll(command).toMatch(/^ssh -p \d+ root@/)
})

/** What the system does with a link while the app is running. Meanwhile the simulator continues answering. */
async function openLink(link: string): Promise<void> {
  const root = resolve(import.meta.dirname, '../..')
  await promisify(execFile)(
    process.env['PODKEEPER_ELECTRON'] ?? '',
    [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      `--user-data-dir=${scene.running.dataDir}`,
      root,
      '--',
      link,
    ],
    { env: { ...process.env, RUNPOD_API_BASE_URL: `${scene.runpod.url}/v2` }, timeout: 60_000 },
  )
}
