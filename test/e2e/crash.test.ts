import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { FULL_KEY } from '../../src/simulator/simulator'
import { startKeyring } from '../harness/app/keyring'
import { actionsSent, card, openScene, type Scene } from '../harness/app/scene'

let endKeyring: () => Promise<void>
beforeAll(async () => {
  endKeyring = await startKeyring()
})
afterAll(() => endKeyring?.())

let scene: Scene
afterEach(() => scene?.close())

async function openWithPod(settings = {}): Promise<void> {
  scene = await openScene({ pods: [{ id: 'a', name: 'a', mode: 'training' }], settings })
  await scene.pasteKey()
  await expect.poll(() => card(scene.page, 'a').count()).toBe(1)
}

const stop = () => card(scene.page, 'a').getByRole('button', { name: 'Stop a' }).click()
const phaseInJournal = () =>
  /"phase":"([^"]+)"/.exec(
    readFileSync(join(scene.running.dataDir, 'intents.jsonl'), 'utf8').trimEnd().split('\n').at(-1) ?? '',
  )?.[1]

test('a kept key connects by itself after a restart, and lies nowhere in the open', async () => {
  await openWithPod()
  expect(await scene.page.textContent('body')).toContain('is kept in the system keyring')
  expect(await scene.page.textContent('body')).not.toContain('No system keyring')
  await scene.crashAndRestart()
  await expect.poll(() => card(scene.page, 'a').count()).toBe(1)
  // Nor does what pods keep in their environment.
  for (const secret of [FULL_KEY, 'never-show-this'])
    expect(filesWith(scene.running.dataDir, secret)).toEqual([])
  expect(scene.running.output()).not.toContain(FULL_KEY)
  expect(await scene.page.content()).not.toContain(FULL_KEY)
  expect(await scene.page.evaluate('window.app.snapshot().then(JSON.stringify)')).not.toMatch(
    /never-show-this|rpa_/,
  )
})

test('killed within the undo time, a stop is cancelled, says so, and was never sent', async () => {
  await openWithPod()
  await stop()
  await expect.poll(phaseInJournal).toBe('scheduled')
  await scene.crashAndRestart()
  await expect.poll(() => scene.page.textContent('body')).toMatch(/ended before the stop of a was sent/)
  await expect.poll(() => card(scene.page, 'a').textContent()).toContain('Running')
  expect(actionsSent(scene)).toEqual([])
})

test('killed after it was sent and done, a stop is found done and not sent again', async () => {
  await openWithPod({ undoS: 1 })
  scene.runpod.fault({ kind: 'slow', delayMs: 60_000, method: 'POST', action: 'stop' })
  await stop()
  await expect.poll(() => actionsSent(scene)).toEqual(['stop a'])
  await scene.crashAndRestart()
  await expect.poll(() => card(scene.page, 'a').textContent()).toContain('Stopped at')
  expect(phaseInJournal()).toBe('observed')
  expect(actionsSent(scene)).toEqual(['stop a'])
})

test('killed after it was sent and lost, a stop is said not to have happened, and not sent again', async () => {
  await openWithPod({ undoS: 1, stopDeadlineS: 5 })
  scene.runpod.fault({ kind: 'hang', method: 'POST', action: 'stop' })
  await stop()
  await expect.poll(() => actionsSent(scene)).toEqual(['stop a'])
  await scene.crashAndRestart()
  await expect
    .poll(() => card(scene.page, 'a').textContent(), { timeout: 20_000 })
    .toContain('did not happen')
  expect(actionsSent(scene)).toEqual(['stop a'])
  expect(scene.runpod.pod('a')['status']).toBe('RUNNING')
})

/** Names of files below `folder` that hold `text`. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path, 'latin1').includes(text))
}
