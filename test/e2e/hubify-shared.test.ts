import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeAccount, snapshotOf } from '../harness/app/start/account-scene'
import { accountIdNamed, accountsOf, addLabs, openPodsPage } from '../harness/app/start/lab-scene'
import { Notifications } from '../harness/app/desktop/notifications'
import { card, openScene, type Scene, screenshot, VOLUME } from '../harness/app/start/scene'
import { TrayItem } from '../harness/app/desktop/tray'
import { DARK_ENERGY } from '../../src/simulator/hubify/default-labs'

/* One pod that a Runpod account and a lab show: docs/product-rules.md#122-hubify. */

const NAMES = { cloud: 'mcmc-desi', lab: 'H200 shared' }
const STOPS = { cloud: '/v2/pods/rp-shared/action', lab: '/api/v1/pods/pod_shared/stop' }

/*
 * Both APIs report how busy the pod is, so that both accounts could alert. The tests share one app and run in order: each
 * takes the pod over from the one before as it left it, stopped by its test.
 */

let scene: Scene
let window: Page
let notifications: Notifications

beforeAll(async () => {
  notifications = await Notifications.listen()
  await notifications.closeAll()
  const pod = {
    id: 'rp-shared',
    name: NAMES.cloud,
    mode: 'training',
    startedAgoMin: 180,
    gpu: { id: 'NVIDIA H200', count: 1, vcpuCount: 24, memory: 188 },
    costPerHourUsd: 3.99,
    provisioningS: 0.2,
    startingS: 0.2,
    stoppingS: 0.2,
    ...VOLUME,
  } as const
  scene = await openScene({
    settings: { undoS: 1, idleAlertAfterMin: 0.05, keyRetryS: 1 },
    hubify: {
      plan: 'pro',
      behavior: { hasUsageInLists: true },
      labs: [{ ...DARK_ENERGY, pods: [{ documentId: 'pod_shared', pod }] }],
    },
  })
  await scene.pasteKey()
  await addLabs(scene, DARK_ENERGY.id)
  window = await openPodsPage(scene)
  await card(window, NAMES.cloud).waitFor()
})
afterAll(async () => {
  await scene?.close()
  notifications?.disconnect()
})

const posts = (): string[] =>
  scene.runpod.requests
    .filter(({ method, path }) => method === 'POST' && path !== '/graphql')
    .map(({ path }) => path)
const polls = (path: string): number => scene.runpod.requests.filter((one) => one.path === path).length

/** Waits until each account was listed so many times more. */
async function listedAgain(times: number): Promise<void> {
  const paths = ['/v2/pods', '/api/v1/pods']
  const before = paths.map(polls)
  await scene.page.evaluate('window.app.refresh()')
  await expect.poll(() => paths.every((path, index) => polls(path) >= before[index]! + times)).toBe(true)
}

const shownPods = async (page: Page): Promise<string[]> =>
  (await page.getByRole('article').getByRole('heading').allTextContents()).map((text) => text.trim())
const tooltip = async (): Promise<string> => {
  const tray = await TrayItem.of(scene.running)
  try {
    return await tray.tooltip()
  } finally {
    tray.disconnect()
  }
}

async function expectShownOnceAs(name: string): Promise<void> {
  for (const page of [window, scene.page]) await expect.poll(() => shownPods(page)).toEqual([name])
  expect((await snapshotOf(scene.page)).pods.map((pod) => pod.name)).toEqual([name])
}

async function stop(name: string): Promise<void> {
  await card(window, name)
    .getByRole('button', { name: new RegExp(`^Stop (pod )?${name}$`) })
    .press('Enter')
}

/** The titles of notifications that are not about a start, which this test makes without the app. */
const told = (): string[] =>
  notifications
    .all()
    .map(({ title }) => title)
    .filter((title) => !title.endsWith(' is ready'))
const IDLE = expect.stringContaining(`${NAMES.cloud} has been idle`)

/** Someone else starts the pod again, which is forgotten again. Resolves once that was said. */
async function startAndForget(): Promise<void> {
  const before = told().length
  scene.runpod.setPod('rp-shared', { mode: 'training' })
  scene.runpod.act('rp-shared', 'start')
  await expect.poll(tooltip).toBe('1 running · $3.99/hr')
  scene.runpod.setPod('rp-shared', { mode: 'idle' })
  await expect.poll(() => told().length).toBe(before + 1)
}

test('a pod of both is shown, counted, alerted and stopped once, as that of Runpod', async () => {
  await expectShownOnceAs(NAMES.cloud)
  await expect.poll(tooltip).toBe('1 running · $3.99/hr')
  scene.runpod.setPod('rp-shared', { mode: 'idle' })
  await notifications.find(`${NAMES.cloud} has been idle`)
  await listedAgain(2)
  await expectShownOnceAs(NAMES.cloud)
  await expect.poll(tooltip).toBe('1 idle · 1 running · $3.99/hr')
  await screenshot(window, 'hubify/shared')
  await stop(NAMES.cloud)
  await expect.poll(posts).toEqual([STOPS.cloud])
  await expect.poll(tooltip).toMatch(/^0 running/)
  await listedAgain(2)
  await expectShownOnceAs(NAMES.cloud)
  expect(posts()).toEqual([STOPS.cloud])
  expect(told()).toEqual([IDLE])
})

const REFUSED = 'Only pods that Dark energy shows are watched until you add a new API key.'
const setPaused = async (isPaused: boolean): Promise<unknown> =>
  changeAccount(scene.page, await accountIdNamed(scene, 'Runpod'), { isPaused })

test.each([
  [
    'its key is refused',
    () => Promise.resolve(scene.runpod.fault({ kind: 'unauthorized', path: '/v2/*' })),
    REFUSED,
    () => Promise.resolve(scene.runpod.clearFaults()),
  ],
  ['it is paused', () => setPaused(true), null, () => setPaused(false)],
])(
  'the lab takes over the pod once the account at Runpod is not watched: %s',
  async (why, end, message, watchAgain) => {
    const [postsBefore, toldBefore] = [posts(), told()]
    await startAndForget()
    await end()
    await expectShownOnceAs(NAMES.lab)
    await expect.poll(tooltip).toMatch(/1 idle · 1 running · \$3\.99\/hr/)
    await expect
      .poll(async () => (await accountsOf(scene)).map(({ connection }) => connection.kind === 'live'))
      .toEqual([false, true])
    if (message !== null) await window.getByText(message).waitFor()
    expect(await window.textContent('body')).not.toContain('Nothing is watched')
    await screenshot(window, `hubify/taken-over-${why.replaceAll(' ', '-')}`)
    await stop(NAMES.lab)
    await expect.poll(posts).toEqual([...postsBefore, STOPS.lab])
    await expect.poll(() => scene.runpod.pod('rp-shared')['status']).toBe('EXITED')
    await expect.poll(tooltip, { timeout: 60_000 }).toMatch(/0 running/)
    expect(posts()).toEqual([...postsBefore, STOPS.lab])
    // It was idle before, and that was said.
    expect(told().filter((title) => title.includes('idle'))).toHaveLength(toldBefore.length + 1)
    await watchAgain()
    await expectShownOnceAs(NAMES.cloud)
  },
)
