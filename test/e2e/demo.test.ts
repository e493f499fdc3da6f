import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { answerQuestion, questionTitled } from '../harness/app/act/questions'
import { axeFaults, loadAxe } from '../harness/app/look/axe'
import { arePicturesDrawn, card, openScene, type Scene, screenshot } from '../harness/app/start/scene'

let scene: Scene
afterEach(() => scene?.close())

/** Saves a picture in both themes where somebody will look at it. */
async function draw(page: Page, name: string): Promise<void> {
  for (const colorScheme of arePicturesDrawn() ? (['dark', 'light'] as const) : []) {
    await page.emulateMedia({ colorScheme })
    await screenshot(page, `demo-${name}-${colorScheme}`)
  }
}

/** The same, and checks it: the bar of the demo. Its pages are checked in test/browser and hubify.test.ts. */
async function look(page: Page, name: string): Promise<void> {
  await draw(page, name)
  await loadAxe(page)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await axeFaults(page, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
  }
}

const bar = (page: Page) => page.getByRole('region', { name: 'Demo', exact: true })

async function control(page: Page, name: string): Promise<void> {
  await bar(page)
    .getByRole('button', { name: /^Demo controls/ })
    .click()
  await page
    .getByRole('menuitem', { name, exact: true })
    .or(page.getByRole('menuitemradio', { name, exact: true }))
    .click()
}

test('the demo can be controlled and leaves nothing behind', async () => {
  scene = await openScene({
    settings: { pollActiveS: 1 },
    launch: { env: { HOME: await mkdtemp(join(tmpdir(), 'home-')), SSH_AUTH_SOCK: '' } },
  })
  await scene.page.evaluate("window.app.openWindow('pods')")
  const window = await scene.running.mainWindow()
  await window.getByRole('button', { name: 'Try the demo' }).click()
  await expect.poll(() => window.getByRole('article').count()).toBe(5)
  const body = () => window.textContent('body')

  // It opens on a pod that wastes money, whose stop is one press; what was stopped by mistake comes back.
  const moment = window.getByRole('region', { name: 'Tour' })
  await moment.getByText(/^mcmc-planck has been idle for 4[2-4] min on/).waitFor()
  expect(await moment.textContent()).toMatch(/\$2\.\d\d wasted\$\d+\.\d\d by morning, at \$3\.99\/hr/)
  await look(window, 'moment')
  await moment.getByRole('button', { name: 'Stop mcmc-planck' }).click()
  await moment.getByText('Saves $3.96/hr').waitFor()
  await draw(window, 'moment-stopping')
  await moment.getByRole('button', { name: 'Undo stop' }).click()
  await moment.getByText('Do this automatically?').waitFor()
  await draw(window, 'moment-undone')
  await control(window, 'Make pods idle')
  // A pod that runs a job stays busy.
  await expect.poll(() => window.locator('.pill', { hasText: 'Idle' }).count()).toBeGreaterThan(0)
  await card(window, 'llama-70b-sft').getByText('Running sft-epoch-3').waitFor()
  await screenshot(window, 'demo')

  // Its queue: jobs that run, or did, and three that wait.
  await window.getByRole('navigation').getByRole('button', { name: 'Queue' }).click()
  const jobsIn = (list: string) =>
    window.getByRole('region', { name: new RegExp(`^${list}`) }).locator('[data-job] h3, tr[data-job] > th')
  await expect.poll(() => jobsIn('Waiting').count()).toBe(3)
  await expect.poll(async () => (await jobsIn('Running').count()) + (await jobsIn('Done').count())).toBe(3)
  await window
    .getByRole('region', { name: 'Log of sft-epoch-3' })
    .getByText(/^step \d+\/20000/)
    .first()
    .waitFor()
  await draw(window, 'queue')
  await window.getByRole('navigation').getByRole('button', { name: 'Pods' }).click()

  // A shell at one click, on a computer without keys.
  await card(window, 'mcmc-planck').getByRole('button', { name: 'Terminal on mcmc-planck' }).click()
  await expect.poll(() => window.locator('.xterm-rows').textContent()).toMatch(/mcmc-planck.*[#$]/)
  await screenshot(window, 'demo-shell')

  await control(window, 'Add Hubify lab')
  // The lab has two of the pods, which are shown once, with what Hubify says of them.
  const planck = card(window, 'mcmc-planck')
  await planck.getByText(/^Hubify stops it in .* if it stays idle\.$/).waitFor()
  await expect.poll(() => window.getByRole('article').count()).toBe(5)
  await draw(window, 'lab')
  await window.getByRole('navigation').getByRole('button', { name: 'Costs' }).click()
  const reported = window.getByRole('region', { name: 'Reported by Hubify' })
  await expect.poll(() => reported.getByRole('listitem').allTextContents()).toHaveLength(1)
  await expect
    .poll(() => reported.getByRole('listitem').textContent())
    .toMatch(
      /^Dark energyPods, storage and services, .*approx\. \$\S+ for pods that are running now\$[\d,.]+ so far$/,
    )
  await reported.scrollIntoViewIfNeeded()
  await draw(window, 'lab-costs')
  await window.getByRole('navigation').getByRole('button', { name: 'Pods' }).click()
  await control(window, 'Remove Hubify lab')
  await expect.poll(() => planck.textContent()).not.toContain('Hubify')
  await expect.poll(() => window.getByRole('article').count()).toBe(5)

  await control(window, 'Go offline')
  await expect.poll(body).toMatch(/Data from/)
  await control(window, 'Reconnect')
  await window.getByRole('button', { name: 'Refresh now' }).click()
  await expect.poll(body).toMatch(/live ·/)

  // The rest of the tour: the switch, its warning, its stop, and what that saved.
  await control(window, 'Make pods idle')
  const automatic = moment.getByRole('switch', { name: 'Auto-stop mcmc-planck' })
  await automatic.click()
  const turnOn = 'Turn on auto-stop for this account?'
  const question = await questionTitled(scene.running, turnOn)
  await question.getByText(/^mcmc-planck \(.+\), after 10 min$/).waitFor()
  await answerQuestion(scene.running, turnOn, 'Turn on auto-stop')
  const letStop = moment.getByRole('button', { name: 'Let it stop' })
  await expect
    .poll(() => moment.textContent())
    .toMatch(/Auto-stop is on for mcmc-planck|mcmc-planck stops in/)
  const passTime = moment.getByRole('button', { name: 'Let time pass' })
  await expect
    .poll(
      async () => {
        if (await passTime.isVisible()) await passTime.click()
        return letStop.isVisible()
      },
      { timeout: 60_000 },
    )
    .toBe(true)
  await look(window, 'tour')
  await letStop.click()
  await bar(window).getByRole('button', { name: 'Demo controls · 60×' }).waitFor()
  await expect
    .poll(() => moment.textContent(), { timeout: 60_000 })
    .toContain('mcmc-planck was stopped automatically')
  await moment.getByRole('button', { name: 'Let an hour pass' }).click()
  await expect
    .poll(() => moment.textContent(), { timeout: 60_000 })
    .toMatch(/\$[34]\.\d\d saved by auto-stop/)
  await look(window, 'tour-saved')
  await moment.getByRole('button', { name: 'Done' }).click()
  await expect.poll(() => moment.count()).toBe(0)
  await bar(window).getByRole('button', { name: 'Take the tour' }).waitFor()
  await bar(window).getByRole('button', { name: 'Demo controls', exact: true }).waitFor()

  await control(window, 'Empty balance')
  // Without money, pods without a network volume are deleted; the one that has one is stopped.
  await expect.poll(() => window.getByRole('article').count()).toBe(1)
  await expect.poll(body).toMatch(/is gone|terminated/)

  await window.getByRole('button', { name: 'More', exact: true }).click()
  await window.getByRole('menuitem', { name: 'Leave demo' }).click()
  await expect.poll(body).toContain('Connect your Runpod account')
  const files = await readdir(scene.running.dataDir)
  expect(files).not.toContain('key-usage.json')
  expect(files).not.toContain('host-keys.json')
  expect(files).not.toContain('queue.jsonl')
  const activity = join(scene.running.dataDir, 'activity')
  for (const name of await readdir(activity))
    expect(await readFile(join(activity, name), 'utf8')).not.toMatch(/planck|sft-epoch/)
  expect(await readFile(join(scene.running.dataDir, 'config.json'), 'utf8')).not.toMatch(/demo|hubify/i)
  expect(await window.evaluate("window.app.runDemoCommand('make-idle')")).toMatchObject({
    ok: false,
    error: { message: 'There is no demo to control.' },
  })
})
