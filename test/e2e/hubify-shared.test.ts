import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeAccount, snapshotOf } from '../harness/app/start/account-scene'
import { accountIdNamed, accountsOf, addLabs, openPodsPage } from '../harness/app/start/lab-scene'
import { Notifications } from '../harness/app/desktop/notifications'
import { card, openScene, type Scene, screenshot, VOLUME } from '../harness/app/start/scene'
import { TrayItem } from '../harness/app/desktop/tray'
import type { SimulatedPodSpec } from '../../src/simulator/world/pod-spec'
import { DARK_ENERGY } from '../../src/simulator/hubify/default-labs'

/* One pod that a Runpod account and a lab show: docs/product-rules.md#122-hubify. */

/** What both call a pod, and where a stop of it is sent. */
interface SharedPod {
  readonly id: string
  readonly cloud: string
  readonly lab: string
  readonly stops: { readonly cloud: string; readonly lab: string }
}
const sharedPod = (id: string): SharedPod => ({
  id: `rp-${id}`,
  cloud: `mcmc-${id}`,
  lab: `H200 ${id}`,
  stops: { cloud: `/v2/pods/rp-${id}/action`, lab: `/api/v1/pods/pod_${id}/stop` },
})

/*
 * Both APIs report how busy a pod is, so that both accounts could alert. The tests share one app and run in order. Each
 * has a pod of its own, which it stops.
 */

let scene: Scene
let window: Page
let notifications: Notifications

beforeAll(async () => {
  notifications = await Notifications.listen()
  await notifications.closeAll()
  scene = await openScene({
    settings: { undoS: 1, idleAlertAfterMin: 0.05, keyRetryS: 1 },
    hubify: {
      plan: 'pro',
      behavior: { hasUsageInLists: true },
      labs: [{ ...DARK_ENERGY, pods: [specOf(sharedPod('shared'))] }],
    },
  })
  await scene.pasteKey()
  await addLabs(scene, DARK_ENERGY.id)
  window = await openPodsPage(scene)
  await card(window, sharedPod('shared').cloud).waitFor()
})
afterAll(async () => {
  await scene?.close()
  notifications?.disconnect()
})

function specOf({ id, cloud }: SharedPod): { documentId: string; pod: SimulatedPodSpec } {
  const pod: SimulatedPodSpec = {
    id,
    name: cloud,
    mode: 'training',
    startedAgoMin: 180,
    gpu: { id: 'NVIDIA H200', count: 1, vcpuCount: 24, memory: 188 },
    costPerHourUsd: 3.99,
    stoppingS: 0.2,
    ...VOLUME,
  }
  return { documentId: id.replace('rp-', 'pod_'), pod }
}

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

async function expectShownOnceAs(name: string, { cloud, lab }: SharedPod): Promise<void> {
  const namesOfIt = (names: readonly string[]): readonly string[] =>
    names.filter((each) => [cloud, lab].includes(each))
  for (const page of [window, scene.page])
    await expect.poll(async () => namesOfIt(await shownPods(page))).toEqual([name])
  expect(namesOfIt((await snapshotOf(scene.page)).pods.map((pod) => pod.name))).toEqual([name])
}

async function stop(name: string): Promise<void> {
  await card(window, name)
    .getByRole('button', { name: new RegExp(`^Stop (pod )?${name}$`) })
    .press('Enter')
}

const told = (): string[] => notifications.all().map(({ title }) => title)

test('a pod of both is shown, counted, alerted and stopped once, as that of Runpod', async () => {
  const pod = sharedPod('shared')
  await expectShownOnceAs(pod.cloud, pod)
  await expect.poll(tooltip).toBe('1 running · $3.99/hr')
  scene.runpod.setPod(pod.id, { mode: 'idle' })
  await notifications.find(`${pod.cloud} has been idle`)
  await listedAgain(2)
  await expectShownOnceAs(pod.cloud, pod)
  await expect.poll(tooltip).toBe('1 idle, wasting $3.99/hr · $3.99/hr')
  await screenshot(window, 'hubify/shared')
  await stop(pod.cloud)
  await expect.poll(posts).toEqual([pod.stops.cloud])
  await expect.poll(tooltip).toMatch(/^0 running/)
  await listedAgain(2)
  await expectShownOnceAs(pod.cloud, pod)
  expect(posts()).toEqual([pod.stops.cloud])
  expect(told()).toEqual([expect.stringContaining(`${pod.cloud} has been idle`)])
})

const REFUSED = 'Only pods that Dark energy shows are watched until a key works.'
const setPaused = async (isPaused: boolean): Promise<unknown> =>
  changeAccount(scene.page, await accountIdNamed(scene, 'Runpod'), { isPaused })

test.each([
  ['it is paused', 'paused', () => setPaused(true), null, () => setPaused(false)],
  [
    'its key is refused',
    'denied',
    async () => scene.runpod.fault({ kind: 'unauthorized', path: '/v2/*' }),
    REFUSED,
    async () => {},
  ],
] as const)(
  'the lab takes over the pod once the account at Runpod is not watched: %s',
  async (why, id, end, message, watchAgain) => {
    const pod = sharedPod(id)
    const [postsBefore, toldBefore] = [posts(), told()]
    const spec = specOf(pod)
    scene.runpod.labs.addPod(DARK_ENERGY.id, { ...spec, pod: { ...spec.pod, mode: 'idle' } })
    await notifications.find(`${pod.cloud} has been idle`)
    // The lab has seen it, too: what it sees first once it takes over is another idleness to it.
    await listedAgain(2)
    await end()
    await expectShownOnceAs(pod.lab, pod)
    // The lab doesn't say what the volumes of the stopped pods cost.
    await expect.poll(tooltip).toMatch(/1 idle, wasting \$3\.99\/hr · at least \$3\.99\/hr/)
    await expect
      .poll(async () => (await accountsOf(scene)).map(({ connection }) => connection.kind === 'live'))
      .toEqual([false, true])
    if (message !== null) await window.getByText(message).waitFor()
    expect(await window.textContent('body')).not.toContain('Nothing is watched')
    await screenshot(window, `hubify/taken-over-${why.replaceAll(' ', '-')}`)
    await stop(pod.lab)
    await expect.poll(posts).toEqual([...postsBefore, pod.stops.lab])
    await expect.poll(() => scene.runpod.pod(pod.id)['status']).toBe('EXITED')
    await expect.poll(tooltip, { timeout: 60_000 }).toMatch(/0 running/)
    expect(posts()).toEqual([...postsBefore, pod.stops.lab])
    // It was idle before, and that was said.
    expect(told().filter((title) => title.includes('idle') && !toldBefore.includes(title))).toEqual([
      expect.stringContaining(`${pod.cloud} has been idle`),
    ])
    await watchAgain()
  },
)
