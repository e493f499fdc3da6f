import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeAccount, snapshotOf } from '../harness/app/start/account-scene'
import { axeFaults, loadAxe } from '../harness/app/look/axe'
import { accountIdNamed, accountsOf, openPodsPage } from '../harness/app/start/lab-scene'
import { startKeyring } from '../harness/app/desktop/keyring'
import { confirmByKeyboard, questionTitled } from '../harness/app/act/questions'
import { card, openScene, type Scene, screenshot } from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'
import { createSimulator, FULL_KEY, HUBIFY_KEY } from '../../src/simulator/simulator'

/*
 * One app with a Runpod account without pods and two labs. The tests run in order: the first adds the labs, and the last
 * starts the app again with the key that was kept.
 */

let scene: Scene
let endKeyring: () => Promise<void>
beforeAll(async () => {
  endKeyring = await startKeyring()
  scene = await openScene({
    hubify: { plan: 'team' },
    // What a stop keeps is shown as long as it can be undone.
    settings: { undoS: 5, bootMin: 10 },
    ssh: 'any-key',
  })
  await scene.pasteKey()
})
afterAll(async () => {
  await scene?.close()
  await endKeyring?.()
})

/** Saves a picture in both themes and checks it. */
async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await screenshot(page, `hubify/${name}-${colorScheme}`)
    await loadAxe(page)
    expect(await axeFaults(page, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  }
}

const copy = (text: string): Promise<unknown> =>
  scene.running.app.evaluate(({ clipboard }, copied) => clipboard.writeText(copied), text)

async function openSettings(): Promise<Page> {
  await scene.page.evaluate("window.app.openWindowAt('settings', 'accounts')")
  return scene.running.mainWindow()
}

const accounts = () => accountsOf(scene)

const posts = (): string[] =>
  scene.runpod.requests
    .filter(({ method, path }) => method === 'POST' && path.startsWith('/api/'))
    .map(({ path }) => path)

test('labs are added by keyboard beside an account at Runpod, and each key goes to its own API', async () => {
  const window = await openSettings()
  await window.getByRole('button', { name: 'Add Hubify labs' }).press('Enter')
  await expect.poll(() => window.evaluate('document.activeElement.id')).toBe('api-key')
  await copy(FULL_KEY)
  await window.keyboard.press('Control+v')
  await window.getByText('nothing that looks like an API key of Hubify').waitFor()
  expect(scene.runpod.requests.filter(({ path }) => path.startsWith('/api/'))).toEqual([])
  await look(window, 'paste')
  await copy(HUBIFY_KEY)
  await window.keyboard.press('Control+v')
  const labs = window.getByRole('list', { name: 'Labs of this key' })
  await labs.waitFor()
  await look(window, 'labs')
  await window.keyboard.press('Space')
  await window.keyboard.press('Tab')
  await window.keyboard.press('Space')
  await window.getByRole('button', { name: 'Add 2 labs' }).press('Enter')
  const question = await questionTitled(scene.running, 'Add other accounts?')
  await screenshot(question, 'hubify/question')
  await confirmByKeyboard(question, 'Add accounts')
  await expect
    .poll(async () => (await accounts()).map(({ entry }) => entry.name))
    .toEqual(['Runpod', 'Dark energy', 'Protein folds'])
  await expect
    .poll(async () => (await accounts()).map(({ connection }) => connection.kind))
    .toEqual(['live', 'live', 'live'])
  expect(scene.runpod.requests.every(({ authorizationOk }) => authorizationOk)).toBe(true)
  expect(scene.running.output()).not.toContain(HUBIFY_KEY)
  await window.getByRole('group', { name: 'Account Dark energy' }).scrollIntoViewIfNeeded()
  await look(window, 'settings')

  await window.getByRole('navigation').getByRole('button', { name: 'Costs' }).click()
  const reported = window.getByRole('region', { name: 'Reported by Hubify' })
  await reported.getByText('Not part of the amounts above, which Podkeeper counts per pod.').waitFor()
  const ofLabs = () => reported.getByRole('listitem').allTextContents()
  await expect.poll(ofLabs).toEqual([
    expect.stringMatching(
      /^Dark energyPods, storage and services, .*approx\. \$.* for pods that are running now\$.* so far$/,
    ),
    // Requests besides lists are rare, so the second lab may have to wait.
    expect.stringMatching(/^Protein folds(not read yet|Pods, storage and services, .*\$.* so far)$/),
  ])
  await reported.scrollIntoViewIfNeeded()
  await look(window, 'costs')
})

test('pods of a lab are stopped and started, and say what only the web app can do', async () => {
  // The account at Runpod shows the same pods, which are the lab's while it isn't watched.
  await changeAccount(scene.page, await accountIdNamed(scene, 'Runpod'), { isPaused: true })
  const window = await openPodsPage(scene)
  const pod = card(window, 'H200 abc123')
  await pod.getByText(/(SSH and terminate are|Terminate is) in Hubify’s web app for now\./).waitFor()
  await card(window, 'H100 def456').getByText('Hubify terminates it in').waitFor()
  await look(window, 'pods')
  await pod.getByRole('button', { name: 'Stop H200 abc123' }).press('Enter')
  // Its list doesn't say what is mounted, but Hubify promises to keep a volume.
  await window.getByText('Keeps the volume that Hubify promises; the container disk is lost.').waitFor()
  await expect.poll(posts).toEqual(['/api/v1/pods/pod_abc123/stop'])
  await expect.poll(() => pod.locator('.pill').textContent(), { timeout: 60_000 }).toBe('Stopped')
  const stopped = card(window, 'A100 old789')
  await stopped.getByRole('button', { name: 'Start A100 old789' }).press('Enter')
  await expect.poll(posts).toEqual(['/api/v1/pods/pod_abc123/stop', '/api/v1/pods/pod_old789/start'])
  // Runpod's own pages know nothing of it.
  await card(window, 'H100 def456').getByRole('button', { name: 'H100 def456', exact: true }).click()
  const connection = window.getByRole('region', { name: 'Connection' })
  await connection.getByText('Pod ID').waitFor()
  expect(await connection.getByRole('button', { name: 'Open Runpod' }).count()).toBe(0)
})

test('announced routes are used only where that is switched on, and dropped where the server has none', async () => {
  const before = posts()
  scene.runpod.labs.behave({ hasPlannedRoutes: true })
  const window = await openPodsPage(scene)
  const lab = async () => (await accounts()).find(({ entry }) => entry.name === 'Dark energy')
  const features = async () => (await lab())?.entry.webFeatures ?? []
  await expect.poll(features).toContain('terminate')
  await changeAccount(scene.page, await accountIdNamed(scene, 'Dark energy'), { usesAnnouncedRoutes: true })
  await expect.poll(features).toEqual([])
  await scene.page.evaluate('window.app.refresh()')
  await waitUntil('terminate to be offered', async () =>
    (await snapshotOf(scene.page)).pods.some(
      ({ name, actions }) => name === 'H200 abc123' && actions.includes('terminate'),
    ),
  )
  const pod = card(window, 'H200 abc123')
  await pod.getByRole('button', { name: 'Actions of H200 abc123' }).press('Enter')
  await window.getByRole('menuitem', { name: 'Terminate…' }).click()
  const question = await questionTitled(scene.running, 'Terminate H200 abc123?')
  await expect.poll(() => question.textContent('main')).toMatch(/keeps the volume.* for 7 days, until/)
  expect(await question.textContent('main')).toContain('Sync the results of experiments to the lab first')
  await look(question, 'terminate')
  await question.keyboard.press('Escape').catch(() => undefined)
  expect(posts()).toEqual(before)

  await scene.page.evaluate("window.app.openWindowAt('settings', 'accounts')")
  const row = window.getByRole('group', { name: 'Account Dark energy' })
  await row.getByRole('button', { name: 'New pod in Dark energy' }).press('Enter')
  const form = row.getByRole('group', { name: 'New pod in Dark energy' })
  await form.getByLabel('Maximum hours').fill('8')
  await copy('export EXPERIMENT_ID=EXP-054\nHF_TOKEN=hf_very_secret_value_1234\n')
  await form.getByRole('button', { name: 'Paste variables' }).press('Enter')
  await form.getByText('Variables: EXPERIMENT_ID, HF_TOKEN').waitFor()
  await form.scrollIntoViewIfNeeded()
  await look(window, 'create')
  await form.getByRole('button', { name: 'Create pod…' }).press('Enter')
  const create = await questionTitled(scene.running, 'Create a pod in Dark energy?')
  await look(create, 'create-question')
  expect(await create.textContent('main')).not.toContain('hf_very_secret')
  await confirmByKeyboard(create, 'Create pod')
  await expect.poll(posts).toEqual([...before, '/api/v1/pods'])
  // Its requests may be used up for now, so the list shows the pod later.
  await window.getByText('Pod created in Dark energy.').waitFor()

  const id = await accountIdNamed(scene, 'Dark energy')
  const alertAfter = (minutes: number) =>
    scene.page.evaluate(`window.app.changeLabSettings('${id}', { idleAlertMinutes: ${minutes} })`)
  expect(await alertAfter(30)).toMatchObject({ ok: true, value: { idleAlertMinutes: 30 } })
  scene.runpod.labs.behave({ hasPlannedRoutes: false })
  expect(await alertAfter(20)).toMatchObject({ ok: false })
  await expect.poll(features).toEqual(['idle-settings'])
  await row.getByText('Hubify’s idle alert and auto-schedule are set in its web app.').waitFor()
  // A route that is gone says nothing of the connection. So many actions may use up the requests for now.
  expect(['live', 'rate-limited']).toContain((await lab())?.connection.kind)
  expect(scene.running.output()).not.toContain('hf_very_secret')
})

test('a key of Hubify in the keyring is used again at its address after a restart, and at no other', async () => {
  const lab = async () => (await accounts()).find(({ entry }) => entry.name === 'Dark energy')
  scene.running = await scene.running.relaunch()
  scene.page = await scene.running.popover()
  await expect.poll(async () => (await lab())?.connection.kind).toBe('live')

  const other = await createSimulator({ seed: 3, pods: [], hubify: {} })
  try {
    scene.running = await scene.running.relaunch({
      env: { RUNPOD_API_BASE_URL: `${other.url}/v2`, HUBIFY_API_BASE_URL: other.hubifyUrl },
    })
    scene.page = await scene.running.popover()
    await expect
      .poll(async () => JSON.stringify((await lab())?.connection))
      .toContain(`It is for ${scene.runpod.hubifyUrl}`)
    expect(other.requests).toEqual([])
  } finally {
    await other.close()
  }
})
