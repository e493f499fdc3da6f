import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startKeyring } from '../harness/app/keyring'
import { actionsSent, card, openScene, type Scene, screenshot } from '../harness/app/scene'
import { TrayItem } from '../harness/app/tray'
import { until } from '../harness/app/waiting'

/* A pod whose GPUs others have taken: it starts once they are free, whatever happens to Podkeeper meanwhile. */

let endKeyring: () => Promise<void>
beforeAll(async () => {
  endKeyring = await startKeyring()
})
afterAll(() => endKeyring?.())

let scene: Scene
afterEach(() => scene?.close())

const said = () => card(scene.page, 'anomaly').textContent()
const lastPhase = () =>
  /"phase":"([^"]+)"/.exec(
    readFileSync(join(scene.running.dataDir, 'intents.jsonl'), 'utf8').trimEnd().split('\n').at(-1) ?? '',
  )?.[1]

async function openWithoutGpus(): Promise<void> {
  scene = await openScene({
    pods: [{ id: 'a', name: 'anomaly', mode: 'stopped', provisioningS: 0, startingS: 1 }],
    settings: { gpuRetryS: 1, gpuRetrySlowestS: 2 },
  })
  scene.runpod.scenario('no-gpus')
  await scene.pasteKey()
  await card(scene.page, 'anomaly').getByRole('button', { name: 'Start anomaly', exact: true }).click()
  await expect.poll(said).toContain('not enough free GPUs')
}

test('a start without a GPU offers to wait for one, waits over a crash, and the pod runs once it is there', async () => {
  await openWithoutGpus()
  await screenshot(scene.page, 'no-gpu')
  await card(scene.page, 'anomaly').getByRole('button', { name: 'Start anomaly when a GPU is free' }).click()
  await expect.poll(said).toContain('Waiting for a GPU')
  await screenshot(scene.page, 'waiting-for-gpu')
  await expect.poll(() => actionsSent(scene).length).toBeGreaterThan(2)
  await expect.poll(lastPhase).toBe('waiting')
  await scene.crashAndRestart()
  await expect.poll(said).toContain('Waiting for a GPU')
  const before = actionsSent(scene).length
  await expect.poll(() => actionsSent(scene).length).toBeGreaterThan(before)
  scene.runpod.clearFaults()
  await expect.poll(said, { timeout: 20_000 }).toContain('Running')
  await expect.poll(lastPhase).toBe('observed')
  const starts = actionsSent(scene)
  expect(new Set(starts)).toEqual(new Set(['start a']))
})

test('the wait is ended from the tray, and nothing is asked any more', async () => {
  await openWithoutGpus()
  const tray = await TrayItem.of(scene.running)
  try {
    await tray.choose('anomaly', 'Start when a GPU is free')
    await until('the way out', async () =>
      (await tray.menu()).some(({ label }) => label === 'Stop waiting for a GPU: anomaly'),
    )
    await until('the wait to be ended', async () => {
      const isThere = (await tray.menu()).some(({ label }) => label === 'Stop waiting for a GPU: anomaly')
      if (isThere) await tray.choose('Stop waiting for a GPU: anomaly').catch(() => undefined)
      return lastPhase() === 'cancelled'
    })
    const asked = actionsSent(scene).length
    await expect.poll(said).toContain('cancelled')
    // Two looks later, which is longer than a try takes to come round.
    const lists = () => scene.runpod.requests.filter(({ path }) => path === '/v2/pods').length
    const then = lists()
    await expect.poll(lists).toBeGreaterThan(then + 3)
    expect(actionsSent(scene)).toHaveLength(asked)
  } finally {
    tray.disconnect()
  }
})

test('the wait ends by itself when somebody else starts the pod', async () => {
  await openWithoutGpus()
  await card(scene.page, 'anomaly').getByRole('button', { name: 'Start anomaly when a GPU is free' }).click()
  await expect.poll(said).toContain('Waiting for a GPU')
  scene.runpod.act('a', 'start')
  await expect.poll(() => scene.page.textContent('body')).toContain('was started by someone else')
  await expect.poll(lastPhase).toBe('cancelled')
})
