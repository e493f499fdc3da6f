import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startKeyring } from '../harness/app/desktop/keyring'
import {
  actionsSent,
  card,
  openCard,
  openScene,
  type Scene,
  screenshot,
  toasts,
} from '../harness/app/start/scene'
import { TrayItem } from '../harness/app/desktop/tray'
import { waitUntil } from '../harness/app/act/wait-until'

/* A pod whose GPUs are in use by others starts once they are free, even if Podkeeper crashes in between. */

let endKeyring: () => Promise<void>
let scene: Scene
/** Each test has its own pod, whose start failed because no GPU was free. */
const names = ['anomaly', 'called-off', 'started-elsewhere']
beforeAll(async () => {
  endKeyring = await startKeyring()
  scene = await openScene({
    pods: names.map((name) => ({ id: name, name, mode: 'stopped', provisioningS: 0, startingS: 1 })),
    settings: { gpuRetryS: 1, gpuRetrySlowestS: 2 },
  })
  scene.runpod.scenario('no-gpus')
  await scene.pasteKey()
})
afterAll(async () => {
  await scene?.close()
  await endKeyring?.()
})

const textOf = (name: string) => card(scene.page, name).textContent()
const actionsOf = (name: string): string[] =>
  actionsSent(scene).filter((action) => action.endsWith(` ${name}`))
const lastPhase = () =>
  /"phase":"([^"]+)"/.exec(
    readFileSync(join(scene.running.dataDir, 'intents.jsonl'), 'utf8').trimEnd().split('\n').at(-1) ?? '',
  )?.[1]

async function startInVain(name: string): Promise<void> {
  await card(scene.page, name)
    .getByRole('button', { name: `Start ${name}`, exact: true })
    .click()
  await expect.poll(() => textOf(name)).toContain('not enough free GPUs')
}

test('the wait for a GPU can be ended from the tray and stops all requests', async () => {
  await startInVain('called-off')
  const tray = await TrayItem.of(scene.running)
  try {
    await tray.choose('called-off', 'Start when a GPU is free')
    await waitUntil('the way out', async () =>
      (await tray.menu()).some(({ label }) => label === 'Stop waiting for a GPU: called-off'),
    )
    await waitUntil('the wait to be ended', async () => {
      const isThere = (await tray.menu()).some(({ label }) => label === 'Stop waiting for a GPU: called-off')
      if (isThere) await tray.choose('Stop waiting for a GPU: called-off').catch(() => undefined)
      return lastPhase() === 'cancelled'
    })
    const asked = actionsOf('called-off').length
    await expect.poll(() => toasts(scene.page).textContent()).toContain('Start undone: called-off')
    // Two polls later, which is longer than the retry interval.
    const lists = () => scene.runpod.requests.filter(({ path }) => path === '/v2/pods').length
    const then = lists()
    await expect.poll(lists).toBeGreaterThan(then + 3)
    expect(actionsOf('called-off')).toHaveLength(asked)
  } finally {
    tray.disconnect()
  }
})

test('the wait for a GPU ends when someone else starts the pod', async () => {
  await startInVain('started-elsewhere')
  await (
    await openCard(scene.page, 'started-elsewhere')
  )
    .getByRole('button', { name: 'Start when a GPU is free: started-elsewhere' })
    .click()
  await expect.poll(() => textOf('started-elsewhere')).toContain('Waiting for a GPU')
  scene.runpod.act('started-elsewhere', 'start')
  await expect.poll(() => scene.page.textContent('body')).toContain('was started by someone else')
  await expect.poll(lastPhase).toBe('cancelled')
})

test('a start without a free GPU offers to wait, the wait survives a crash, and the pod runs once a GPU is free', async () => {
  await startInVain('anomaly')
  await screenshot(scene.page, 'no-gpu')
  await (
    await openCard(scene.page, 'anomaly')
  )
    .getByRole('button', { name: 'Start when a GPU is free: anomaly' })
    .click()
  await expect.poll(() => textOf('anomaly')).toContain('Waiting for a GPU')
  await screenshot(scene.page, 'waiting-for-gpu')
  await expect.poll(() => actionsOf('anomaly').length).toBeGreaterThan(2)
  await expect.poll(lastPhase).toBe('waiting')
  await scene.crashAndRestart()
  await expect.poll(() => textOf('anomaly')).toContain('Waiting for a GPU')
  const before = actionsOf('anomaly').length
  await expect.poll(() => actionsOf('anomaly').length).toBeGreaterThan(before)
  scene.runpod.clearFaults()
  await expect.poll(() => textOf('anomaly')).toMatch(/Booting|Busy|unknown/)
  await expect.poll(lastPhase).toBe('observed')
  const starts = actionsOf('anomaly')
  expect(new Set(starts)).toEqual(new Set(['start anomaly']))
})
