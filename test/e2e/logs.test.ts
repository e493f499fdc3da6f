import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SimulatedPodSpec } from '../../src/simulator/world/pod-spec'
import { axeFaults, loadAxe } from '../harness/app/look/axe'
import {
  card,
  openCard,
  openPalette,
  openScene,
  podKeyIn,
  type Scene,
  screenshot,
} from '../harness/app/start/scene'
import { sshRouteTo } from '../harness/app/start/ssh-pod'
import { waitUntil } from '../harness/app/act/wait-until'
import { type OpenSshServer, startOpenSshServer } from '../harness/ssh/openssh-server'

/*
 * Logs and the progress of new pods, over a real connection: a pod that prints, one whose image does not exist, one
 * that crashes, and one that becomes reachable at a real SSH server.
 */

const TIME_FACTOR = 4

/* What these pods show lasts for seconds, or half a minute, so they are created when it is looked at. */
const freshPod: SimulatedPodSpec = {
  id: 'fresh',
  name: 'fresh',
  mode: 'training',
  startedAgoMin: 0,
  provisioningS: 2,
  startingS: 90,
  // Its server of SSH is a real one, which answers during the pull as well.
  statusWhilePulling: 'STARTING',
}
const troubledPods: readonly SimulatedPodSpec[] = [
  {
    id: 'broken',
    name: 'broken',
    mode: 'image-missing',
    startedAgoMin: 0,
    provisioningS: 1,
    image: 'example/missing:1',
  },
  {
    id: 'looping',
    name: 'looping',
    mode: 'crash-loop',
    startedAgoMin: 0,
    provisioningS: 1,
    startingS: 1,
  },
]

let scene: Scene
let page: Page
let sshd: OpenSshServer

beforeAll(async () => {
  sshd = await startOpenSshServer(
    await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'sshd-')),
    { authorized: [] },
  )
  scene = await openScene({
    pods: [
      {
        id: 'chatty',
        name: 'chatty',
        mode: 'training',
        startedAgoMin: 15,
        createdAgoMin: 20,
        logLinesPerS: 1,
        env: { HF_TOKEN: 'checkpoint shards' },
      },
    ],
    timeFactor: TIME_FACTOR,
  })
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  page = await scene.running.mainWindow()
  await page.setViewportSize({ width: 1180, height: 820 })
  await loadAxe(page)
})
afterAll(async () => {
  await scene?.close()
  await sshd?.stop()
})

const steps = (name: string): Locator => card(page, name).getByRole('img', { name: /^Machine/ })
const lines = (): Locator => page.locator('.log-line')
const log = (): Locator => page.getByRole('log')
const count = async (): Promise<number> =>
  Number(((await page.locator('.log-count').textContent()) ?? '').replaceAll(',', '').replace(/[^\d].*$/, ''))
const isAtEnd = (): Promise<boolean> =>
  log().evaluate((element) => element.scrollTop + element.clientHeight >= element.scrollHeight - 4)

async function inBothThemes(name: string, target: Page): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await target.emulateMedia({ colorScheme })
    expect(await axeFaults(target, colorScheme === 'dark' ? 'all' : 'contrast')).toEqual([])
    await screenshot(target, `${name}-${colorScheme}`)
  }
  await target.emulateMedia({ colorScheme: 'dark' })
}

test('a new pod says where it is, by what was observed, from its machine to its SSH', async () => {
  scene.runpod.addPod({ ...freshPod, overrides: { ssh: sshRouteTo(sshd) } })
  await expect
    .poll(() => steps('fresh').getAttribute('aria-label'))
    .toBe('Machine done, image in progress, container next, SSH next')
  const step = () => card(page, 'fresh').locator('.progress-now').textContent()
  await expect.poll(step).toMatch(/^Pulling the image.*, [34] of 5 layers$/)
  // Only late in a pull is it known how much there is in all. That is to be shown for some seconds.
  scene.runpod.timeFactor(TIME_FACTOR / 2)
  await expect.poll(step).toMatch(/^Pulling the image, \d+%, [1-4] of 5 layers$/)
  await screenshot(page, 'progress-pulling')
  // Its own page says the same, and continues.
  await page.evaluate(`window.app.openWindowAt('pod', ${JSON.stringify(await podKeyIn(page, 'fresh'))})`)
  await expect
    .poll(() => page.locator('.pod-page .progress-now').textContent())
    .toMatch(/^(Pulling the image, \d+%|Starting the container|Waiting for SSH|SSH is reachable)/)
  await page.keyboard.press('Escape')
  scene.runpod.timeFactor(TIME_FACTOR)
  await expect
    .poll(() => steps('fresh').getAttribute('aria-label'))
    .toBe('Machine done, image done, container done, SSH done')
  expect(await step()).toBe('SSH is reachable')
})

test('pods that do not come up are among those that need you, with why and the last lines', async () => {
  for (const pod of troubledPods) scene.runpod.addPod(pod)
  const needsYou = page.locator('section', { has: page.getByRole('heading', { name: /Needs you/ }) }).first()
  await expect.poll(() => card(page, 'broken').locator('.pill').textContent()).toBe('Image pull failed')
  await expect
    .poll(() => card(page, 'looping').locator('.pill').textContent())
    .toMatch(/^Crash loop: started \d+ times in \d+ s$/)
  expect(await needsYou.textContent()).toContain('broken')
  const text = (await card(page, 'broken').textContent()) ?? ''
  expect(text).toContain('error creating container: image pull: example/missing:1: manifest unknown')
  expect(text).toContain('Check the image’s name and tag')
  expect(
    await card(page, 'broken')
      .getByRole('list', { name: /system log/ })
      .textContent(),
  ).toContain('create container: still fetching image example/missing:1')
  await inBothThemes('progress-problems', page)
  // The same in the popover, as a row and opened.
  await expect.poll(() => card(scene.page, 'looping').textContent()).toContain('Crash loop')
  const opened = await openCard(scene.page, 'broken')
  await expect.poll(() => opened.textContent()).toContain('manifest unknown')
  await loadAxe(scene.page)
  await inBothThemes('progress-popover', scene.page)
})

test('the log of a pod opens from its card, and follows what it prints, without its secrets', async () => {
  // By keyboard: lines that arrive move the button.
  await card(page, 'broken').getByRole('button', { name: 'Show logs of broken' }).press('Enter')
  await expect.poll(() => lines().last().textContent()).toContain('manifest unknown')
  expect(await page.getByRole('button', { name: 'Pods', exact: true }).first().isVisible()).toBe(true)
  await page.keyboard.press('Escape')
  await card(page, 'chatty').getByRole('button', { name: 'More for chatty' }).click()
  await page.getByRole('menuitem', { name: 'Logs' }).click()
  await page.getByRole('heading', { name: 'chatty', exact: true }).waitFor()
  await expect.poll(() => page.getByRole('tab', { name: 'Logs' }).getAttribute('aria-selected')).toBe('true')
  await expect.poll(count).toBeGreaterThan(800)
  const before = await count()
  await expect.poll(count).toBeGreaterThan(before)
  expect(await isAtEnd()).toBe(true)
  await expect.poll(() => page.locator('.log-foot').textContent()).toContain('Live from Runpod')
  // Only what is in view is drawn.
  expect(await lines().count()).toBeLessThan(120)
  await inBothThemes('logs', page)
})

test('scrolling up holds the lines still while more arrive, and the end is one press away', async () => {
  await log().hover()
  await page.mouse.wheel(0, -600)
  const follow = page.getByRole('switch', { name: 'Follow' })
  await expect.poll(() => follow.isChecked()).toBe(false)
  const top = (): Promise<string> =>
    log().evaluate((element) => {
      const { top: edge } = element.getBoundingClientRect()
      const seen = [...element.querySelectorAll('.log-line')].find(
        (row) => row.getBoundingClientRect().top >= edge,
      )
      return seen?.textContent ?? ''
    })
  // The wheel scrolls smoothly, for longer than until the first movement.
  await waitUntil('the scroll to end', () =>
    page.evaluate<boolean>(`(async () => {
      const log = document.querySelector('[role=log]')
      const before = log.scrollTop
      for (let frame = 0; frame < 10; frame += 1) await new Promise(requestAnimationFrame)
      return log.scrollTop === before
    })()`),
  )
  const still = await waitUntil('a line at the top', top)
  const before = await count()
  await expect.poll(count).toBeGreaterThan(before + 5)
  expect(await top()).toBe(still)
  await page.getByRole('button', { name: 'Latest' }).click()
  await expect.poll(isAtEnd).toBe(true)
  await expect.poll(() => follow.isChecked()).toBe(true)
})

test('search counts and goes to matches, and a source can be shown alone', async () => {
  await page.keyboard.press('/')
  await page.keyboard.type('[HIDDEN]')
  const status = page.getByRole('search').getByRole('status')
  await expect.poll(() => status.textContent()).toBe('1 match')
  await page.keyboard.press('Enter')
  await expect.poll(() => status.textContent()).toBe('1 of 1')
  await expect.poll(() => page.locator('.log-line.current').textContent()).toContain('loading [hidden]')
  await expect.poll(() => page.locator('.log-line.current').isVisible()).toBe(true)
  await page.getByRole('searchbox').fill('checkpoint shards')
  await expect.poll(() => status.textContent()).toBe('No matches')
  await page.getByRole('searchbox').fill('line 7')
  await expect.poll(() => status.textContent()).toMatch(/matches$/)
  // Each text that is searched for is gone to, also after another one.
  await page.keyboard.press('Enter')
  await expect.poll(() => status.textContent()).toMatch(/^[\d,]+ of [\d,]+$/)
  await expect.poll(() => page.locator('.log-line.current').textContent()).toContain('line 7')
  // Among the lines of one source its place belongs to another line.
  await page.getByRole('searchbox').fill('pulling image')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('.log-line.current').textContent()).toContain('pulling image')
  await page.getByRole('radio', { name: 'Container' }).check({ force: true })
  await expect.poll(() => status.textContent()).toBe('No matches')
  expect(await page.locator('.log-line.current').count()).toBe(0)
  await page.getByRole('searchbox').fill('')
  await page.getByRole('radio', { name: 'System' }).check({ force: true })
  await expect.poll(() => lines().allTextContents()).toHaveLength(3)
  expect((await lines().allTextContents()).join('\n')).toContain('start container')
  await page.getByRole('radio', { name: 'All' }).check({ force: true })
  await expect.poll(() => lines().count()).toBeGreaterThan(20)
})

test('what is shown can be copied, and saved where the system asks', async () => {
  const path = join(await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'log-')), 'chatty.txt')
  await scene.running.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath })
  }, path)
  await page.getByRole('button', { name: 'Save as…' }).click()
  await page.getByText(`Saved to ${path}`).waitFor()
  const saved = await readFile(path, 'utf8')
  expect(saved).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z (container|system) .+$/m)
  expect(saved.includes('loading [hidden]')).toBe(true)
  expect(saved.includes('checkpoint shards')).toBe(false)
  expect(saved.split('\n').length).toBeGreaterThan(800)
  await page.getByRole('button', { name: 'Copy' }).click()
  const copied = () => scene.running.app.evaluate(({ clipboard }) => clipboard.readText())
  // Until then the clipboard has the key that was pasted.
  await waitUntil('the copy', async () => (await copied()).includes('loading [hidden]\n'))
})

test('a log that could be read no longer continues after its last line when it is tried again', async () => {
  const podKey = await podKeyIn(page, 'chatty')
  await page.evaluate(`window.app.openWindowAt('pods', ${JSON.stringify(podKey)})`)
  await card(page, 'chatty').waitFor()
  scene.runpod.fault({ kind: 'log-drop', path: '/v2/pods/chatty/logs', count: 1 })
  scene.runpod.fault({ kind: 'forbidden', path: '/v2/pods/chatty/logs' })
  await page.evaluate(`window.app.openWindowAt('logs', ${JSON.stringify(podKey)})`)
  const again = page.getByRole('button', { name: 'Try again' })
  await again.waitFor()
  expect(await page.locator('.log-foot').textContent()).toContain('no permission to read logs')
  await expect.poll(count).toBe(25)
  scene.runpod.clearFaults()
  await again.click()
  await expect.poll(count).toBeGreaterThan(100)
  // As often as a person would, while new lines keep the end in view.
  const scrollUp = async (): Promise<string | null> => {
    await log().evaluate((element) => element.scrollTo({ top: 0 }))
    return lines().first().textContent()
  }
  await expect.poll(scrollUp).toContain('create container')
  const texts = await lines().allTextContents()
  expect(texts.filter((text) => text.includes('create container'))).toHaveLength(1)
})

test('the log continues over broken connections, and is not read while nobody can see it', async () => {
  const numbers = async (): Promise<number[]> =>
    (await lines().allTextContents()).flatMap((text) => /line (\d+) /.exec(text)?.[1] ?? []).map(Number)
  scene.runpod.fault({ kind: 'log-drop', path: '/v2/pods/chatty/logs', count: 3 })
  const requests = (): number =>
    scene.runpod.requests.filter(({ path }) => path.endsWith('/chatty/logs')).length
  const before = requests()
  // A stream that is open continues; the one that the next visit opens breaks off.
  const podKey = await podKeyIn(page, 'chatty')
  await page.evaluate(`window.app.openWindowAt('pods', ${JSON.stringify(podKey)})`)
  await card(page, 'chatty').waitFor()
  await openPalette(page)
  await page.keyboard.type('logs of chatty')
  await page.keyboard.press('Enter')
  await expect.poll(requests).toBeGreaterThanOrEqual(before + 4)
  scene.runpod.clearFaults()
  await expect.poll(async () => (await numbers()).length).toBeGreaterThan(20)
  const seen = await numbers()
  expect(seen).toEqual(seen.map((_, i) => seen[0]! + i))

  await page.setViewportSize({ width: 360, height: 700 })
  await page.getByRole('switch', { name: 'Wrap' }).click({ force: true })
  await expect.poll(() => page.locator('.log-lines.wrapped').count()).toBe(1)
  await expect.poll(() => log().evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true)
  await inBothThemes('logs-360', page)
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
})
